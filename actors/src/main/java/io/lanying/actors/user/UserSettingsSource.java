package io.lanying.actors.user;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.Join;
import io.lanying.protocol.user.UserCommand.Leave;
import io.lanying.protocol.user.UserKey;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.SettingsAre;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The port by which a device comes to its owner's settings. */
public interface UserSettingsSource {

    /** Has the user tell this device of each change; the stage is what the settings are now. Repeat it if it fails. */
    CompletionStage<SettingsAre> join(EntityId device, String userId, int binding);

    /** The device is that user's no more. Nothing hangs on it: a user who tells a device in vain finds out. */
    void leave(EntityId device, String userId, int binding);

    /** Users wherever in the cluster they are. */
    static UserSettingsSource sharded(ActorSystem<?> system, Duration timeout) {
        var sharding = ClusterSharding.get(system);
        return new UserSettingsSource() {
            @Override
            public CompletionStage<SettingsAre> join(EntityId device, String userId, int binding) {
                return user(device, userId)
                        .<UserReply>ask(replyTo -> new Join(device.id(), binding, replyTo), timeout)
                        .thenApply(SettingsAre.class::cast);
            }

            @Override
            public void leave(EntityId device, String userId, int binding) {
                user(device, userId).tell(new Leave(device.id(), binding));
            }

            private EntityRef<UserCommand> user(EntityId device, String userId) {
                return sharding.entityRefFor(UserKey.KEY, new EntityId(device.tenant(), userId).toString());
            }
        };
    }
}
