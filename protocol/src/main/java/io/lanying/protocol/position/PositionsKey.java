package io.lanying.protocol.position;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of conversations' companions; see {@link ConversationParts} for their ids. */
public final class PositionsKey {

    public static final EntityTypeKey<PositionsCommand> KEY = EntityTypeKey.create(PositionsCommand.class, "Positions");

    private PositionsKey() {}
}
