package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Scheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.DirectAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceKey;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationKey;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartKey;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserKey;
import io.lanying.protocol.user.UserReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks entities wherever they live, within the node's admission; no answer in time is {@link Unavailable}. */
public final class ShardedEntities {

    private final ClusterSharding sharding;
    private final Admission admission;
    private final Scheduler scheduler;
    private final Duration timeout;

    public ShardedEntities(ActorSystem<?> system, Admission admission, Duration timeout) {
        this.sharding = ClusterSharding.get(system);
        this.admission = admission;
        this.scheduler = system.scheduler();
        this.timeout = timeout;
    }

    public CompletionStage<DeviceReply> device(EntityId id, Function<ActorRef<DeviceReply>, DeviceCommand> command) {
        return ask(DeviceKey.KEY, id, command);
    }

    public CompletionStage<TenantReply> tenant(EntityId id, Function<ActorRef<TenantReply>, TenantCommand> command) {
        return ask(TenantKey.KEY, id, command);
    }

    public CompletionStage<NotificationReply> notification(
            EntityId id, Function<ActorRef<NotificationReply>, NotificationCommand> command) {
        return ask(NotificationKey.KEY, id, command);
    }

    public CompletionStage<NotificationPartReply> notificationPart(
            EntityId id, Function<ActorRef<NotificationPartReply>, NotificationPartCommand> command) {
        return ask(NotificationPartKey.KEY, id, command);
    }

    public CompletionStage<UserReply> user(EntityId id, Function<ActorRef<UserReply>, UserCommand> command) {
        return ask(UserKey.KEY, id, command);
    }

    public CompletionStage<ConversationReply> conversation(
            EntityId id, Function<ActorRef<ConversationReply>, ConversationCommand> command) {
        return ask(ConversationKey.KEY, id, command);
    }

    private <M, R> CompletionStage<R> ask(EntityTypeKey<M> kind, EntityId id, Function<ActorRef<R>, M> command) {
        return admission.admit(
                () -> DirectAsk.<M, R>ask(sharding.entityRefFor(kind, id.toString()), command, timeout, scheduler)
                        .exceptionallyCompose(failure ->
                                CompletableFuture.failedFuture(new Unavailable("no answer in time", failure))));
    }
}
