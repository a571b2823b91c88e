package io.lanying.http.session;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationKey;

/** The way to a conversation wherever it lives. At most once: for what is not missed when it is lost. */
@FunctionalInterface
interface ConversationRefs {

    void tell(EntityId conversation, ConversationCommand command);

    /** Through cluster sharding. */
    static ConversationRefs sharded(ActorSystem<?> system) {
        ClusterSharding sharding = ClusterSharding.get(system);
        return (conversation, command) -> sharding.entityRefFor(ConversationKey.KEY, conversation.toString())
                .tell(command);
    }
}
