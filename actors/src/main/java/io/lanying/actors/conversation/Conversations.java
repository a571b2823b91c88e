package io.lanying.actors.conversation;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.position.PositionsKey;
import io.lanying.protocol.user.UserKey;
import java.time.Duration;

/** Makes conversations available through sharding. */
public final class Conversations {

    /** Past it messages are told without what is unread, and who asks for it is answered 503. */
    private static final Duration COMPANION_TIMEOUT = Duration.ofSeconds(2);

    private Conversations() {}

    /** Starts the shard region of conversations; settings under {@code push.conversation}. */
    public static void init(ActorSystem<?> system, Entities.Ports ports) {
        var settings = ConversationEntitySettings.from(system.settings().config());
        var sharding = ClusterSharding.get(system);
        var needs = new ConversationEntity.Ports(
                ports.journal(),
                user -> sharding.entityRefFor(UserKey.KEY, user.toString()),
                (part, command) ->
                        sharding.entityRefFor(PositionsKey.KEY, part.toString()).ask(command::apply, COMPANION_TIMEOUT),
                ports.members(),
                ports.reminders(),
                ports.clock());
        sharding.init(Entity.of(
                        ConversationKey.KEY,
                        entity -> ConversationEntity.create(
                                EntityId.parse(entity.getEntityId()), entity.getShard(), needs, settings))
                .withStopMessage(ConversationEntity.stopMessage()));
    }
}
