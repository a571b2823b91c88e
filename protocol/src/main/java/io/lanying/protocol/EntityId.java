package io.lanying.protocol;

import java.util.regex.Pattern;

/**
 * Who an entity is, everywhere: a tenant and an id within it.
 *
 * <p>Both parts match {@code [A-Za-z0-9._~-]{1,64}} (api.md), so that {@code ':'} and {@code '|'} can be separators
 * nobody forges. Anything else throws {@link IllegalArgumentException}: edges check with {@link #isValid} first.
 *
 * @param tenant the tenant, always taken from a credential
 * @param id the id within the tenant; for the Tenant entity the tenant's own id again
 */
public record EntityId(String tenant, String id) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    public EntityId {
        if (!isValid(tenant) || !isValid(id)) {
            throw new IllegalArgumentException("not an id: " + (isValid(tenant) ? "id" : "tenant"));
        }
    }

    /** Whether a caller may use this text as an id. */
    public static boolean isValid(String text) {
        return ID.matcher(text).matches();
    }

    /** Reads {@code tenant:id} as sharding carries it. */
    public static EntityId parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not tenant:id");
        }
        return new EntityId(text.substring(0, colon), text.substring(colon + 1));
    }

    /** {@code tenant:id}, the sharding entity id. */
    @Override
    public String toString() {
        return tenant + ":" + id;
    }
}
