package io.lanying.http.journal;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;

/** An entity whose journal is read. */
record Audited(EntityKind kind, EntityId id) {}
