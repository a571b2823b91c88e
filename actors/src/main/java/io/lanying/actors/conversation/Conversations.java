package io.lanying.actors.conversation;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.user.UserKey;

/** Makes conversations available through sharding. */
public final class Conversations {

    private Conversations() {}

    /** Starts the shard region of conversations; settings under {@code push.conversation}. */
    public static void init(ActorSystem<?> system, Entities.Ports ports) {
        var settings = ConversationEntitySettings.from(system.settings().config());
        var sharding = ClusterSharding.get(system);
        var needs = new ConversationEntity.Ports(
                ports.journal(),
                user -> sharding.entityRefFor(UserKey.KEY, user.toString()),
                ports.reminders(),
                ports.clock());
        sharding.init(Entity.of(
                        ConversationKey.KEY,
                        entity -> ConversationEntity.create(
                                EntityId.parse(entity.getEntityId()), entity.getShard(), needs, settings))
                .withStopMessage(ConversationEntity.stopMessage()));
    }
}
