package io.lanying.protocol.registry;

import java.time.Instant;

/**
 * A tenant as the operator's list sees it.
 *
 * @param version the tenant's eventSeq behind this row: an older row never replaces a newer one
 */
public record TenantRow(String tenantId, String name, Instant createdAt, long version, boolean deleted) {}
