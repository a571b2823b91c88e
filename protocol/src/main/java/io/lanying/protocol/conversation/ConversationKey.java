package io.lanying.protocol.conversation;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of conversations; entity ids are {@code tenant:conversationId}. */
public final class ConversationKey {

    public static final EntityTypeKey<ConversationCommand> KEY =
            EntityTypeKey.create(ConversationCommand.class, "Conversation");

    private ConversationKey() {}
}
