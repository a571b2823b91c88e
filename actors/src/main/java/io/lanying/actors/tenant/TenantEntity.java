package io.lanying.actors.tenant;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.EventTime;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Reminders;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantCommand.Delete;
import io.lanying.protocol.tenant.TenantCommand.DeleteCredential;
import io.lanying.protocol.tenant.TenantCommand.DeleteMessageHook;
import io.lanying.protocol.tenant.TenantCommand.DeleteRole;
import io.lanying.protocol.tenant.TenantCommand.Get;
import io.lanying.protocol.tenant.TenantCommand.GetChannels;
import io.lanying.protocol.tenant.TenantCommand.GetCredential;
import io.lanying.protocol.tenant.TenantCommand.GetMessageHook;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantCommand.PutRole;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantCommand.RevokeApiKey;
import io.lanying.protocol.tenant.TenantCommand.SetQuotas;
import io.lanying.protocol.tenant.TenantCommand.Wake;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Clock;
import java.time.Instant;

/**
 * One tenant, journaled. An answer comes after what it says is in the journal and, for a creation or a deletion, in the
 * registry; a node that dies in between is made up for when the reminder wakes the tenant.
 *
 * <p>Limits: see {@link TenantState}. Failures: a journal write that fails restarts the tenant after a pause and answers
 * nothing (unknown: repeat with the same key); a reminder that cannot be stored is refused with {@code UNAVAILABLE}, nothing
 * changed; a registry row that cannot be written answers nothing.
 */
public final class TenantEntity extends RemindedEntity<TenantCommand, TenantEvent, TenantState> {

    private record ReminderAnswered(Reminders.Answer answer) implements TenantCommand.Internal {}

    private record RowWritten(long version) implements TenantCommand.Internal {}

    private record RowFailed(Throwable failure) implements TenantCommand.Internal {}

    private enum Signal implements TenantCommand.Internal {
        IDLE,
        STOP
    }

    private final TenantSettings settings;
    private final TenantRowKeeper row;

    /** The behaviour of one tenant. */
    public static Behavior<TenantCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            RegistryWriter registry,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(context -> {
            var settings = TenantSettings.from(context.getSystem().settings().config());
            return new TenantEntity(new Place<>(context, id, shard, reminders, clock), registry, settings);
        });
    }

    /** What stops a tenant at a hand-over: after the write under way, before anything that waits. */
    public static TenantCommand stopMessage() {
        return Signal.STOP;
    }

    private TenantEntity(Place<TenantCommand> place, RegistryWriter registry, TenantSettings settings) {
        super(EntityKind.TENANT, place, settings.terms(), ReminderAnswered::new, Signal.IDLE);
        this.settings = settings;
        this.row = new TenantRowKeeper(tenantRow -> context.pipeToSelf(
                registry.write(tenantRow),
                (done, failure) -> failure == null ? new RowWritten(tenantRow.version()) : new RowFailed(failure)));
    }

    @Override
    public TenantState emptyState() {
        return TenantState.initial();
    }

    @Override
    public CommandHandlerWithReply<TenantCommand, TenantEvent, TenantState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Get.class, this::onGet)
                .onCommand(Create.class, this::onCreate)
                .onCommand(Delete.class, this::onDelete)
                .onCommand(CreateApiKey.class, this::onCreateApiKey)
                .onCommand(RevokeApiKey.class, this::onRevokeApiKey)
                .onCommand(SetQuotas.class, this::onSetQuotas)
                .onCommand(PutRole.class, this::onPutRole)
                .onCommand(DeleteRole.class, this::onDeleteRole)
                .onCommand(PutCredential.class, this::onPutCredential)
                .onCommand(RestoreCredential.class, this::onRestoreCredential)
                .onCommand(DeleteCredential.class, this::onDeleteCredential)
                .onCommand(GetCredential.class, this::onGetCredential)
                .onCommand(GetChannels.class, this::onGetChannels)
                .onCommand(PutMessageHook.class, this::onPutMessageHook)
                .onCommand(GetMessageHook.class, this::onGetMessageHook)
                .onCommand(DeleteMessageHook.class, this::onDeleteMessageHook)
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(RowWritten.class, this::onRowWritten)
                .onCommand(RowFailed.class, this::onRowFailed)
                .onCommand(Signal.class, (state, signal) -> signal == Signal.IDLE ? passivate() : stop())
                .build();
    }

    private ReplyEffect<TenantEvent, TenantState> onGet(TenantState state, Get command) {
        return Effect().reply(command.replyTo(), state.get().reply());
    }

    private ReplyEffect<TenantEvent, TenantState> onCreate(TenantState state, Create command) {
        return decidedOnExistence(state.create(command, now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onDelete(TenantState state, Delete command) {
        return decidedOnExistence(state.delete(now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onCreateApiKey(TenantState state, CreateApiKey command) {
        return decided(state.createApiKey(command, now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onRevokeApiKey(TenantState state, RevokeApiKey command) {
        return decided(state.revokeApiKey(command.keyId(), now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onSetQuotas(TenantState state, SetQuotas command) {
        return decided(state.setQuotas(command.quotas(), now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onPutRole(TenantState state, PutRole command) {
        return decided(state.putRole(command.role(), now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onDeleteRole(TenantState state, DeleteRole command) {
        return decided(state.deleteRole(command.name(), now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onPutCredential(TenantState state, PutCredential command) {
        return decided(state.putCredential(command, now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onRestoreCredential(TenantState state, RestoreCredential command) {
        return decided(state.restoreCredential(command, now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onDeleteCredential(TenantState state, DeleteCredential command) {
        return decided(state.deleteCredential(command.channel(), now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onGetCredential(TenantState state, GetCredential command) {
        return Effect()
                .reply(command.replyTo(), state.getCredential(command.channel()).reply());
    }

    private ReplyEffect<TenantEvent, TenantState> onGetChannels(TenantState state, GetChannels command) {
        return Effect().reply(command.replyTo(), state.getChannels().reply());
    }

    private ReplyEffect<TenantEvent, TenantState> onPutMessageHook(TenantState state, PutMessageHook command) {
        return decided(state.putMessageHook(command, now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> onGetMessageHook(TenantState state, GetMessageHook command) {
        return Effect().reply(command.replyTo(), state.getMessageHook().reply());
    }

    private ReplyEffect<TenantEvent, TenantState> onDeleteMessageHook(TenantState state, DeleteMessageHook command) {
        return decided(state.deleteMessageHook(now(state)), command.replyTo());
    }

    private ReplyEffect<TenantEvent, TenantState> decided(Decision decision, ActorRef<TenantReply> replyTo) {
        return answer(decision.events(), decision.reply(), replyTo);
    }

    /** As {@link #decided}, but what says that the tenant is there or not is answered after its registry row is written. */
    private ReplyEffect<TenantEvent, TenantState> decidedOnExistence(Decision decision, ActorRef<TenantReply> replyTo) {
        if (decision.reply() instanceof TenantReply.Refused) {
            return decided(decision, replyTo);
        }
        if (decision.events().isEmpty()) {
            return Effect()
                    .none()
                    .thenRun((TenantState state) -> afterRow(state, () -> replyTo.tell(decision.reply())))
                    .thenNoReply();
        }
        return covered(
                clock.instant().plus(settings.reminderDelay()),
                () -> Effect()
                        .persist(decision.events())
                        .thenRun((TenantState state) -> afterRow(state, () -> replyTo.tell(decision.reply())))
                        .thenNoReply(),
                () -> Effect().reply(replyTo, Decision.refusal(ErrorCode.UNAVAILABLE, false)));
    }

    /** Runs the step when the registry is as new as this state; a tenant that nothing ever happened to has no row. */
    private void afterRow(TenantState state, Runnable step) {
        if (state.eventSeq() == 0) {
            step.run();
        } else {
            row.whenWritten(state.toRow(id.tenant()), step);
        }
    }

    private ReplyEffect<TenantEvent, TenantState> onWake(TenantState state, Wake command) {
        // A row that is owed meanwhile keeps the reminder: the next wake, or that row's own writing, settles it.
        afterRow(state, () -> {
            if (row.isUpToDate()) {
                reminders.done(command.reminderVersion());
            }
        });
        return Effect().noReply();
    }

    private ReplyEffect<TenantEvent, TenantState> onRowWritten(TenantState state, RowWritten message) {
        row.written(message.version(), state.toRow(id.tenant()));
        if (row.isUpToDate()) {
            reminders.release();
        }
        return Effect().noReply();
    }

    private ReplyEffect<TenantEvent, TenantState> onRowFailed(TenantState state, RowFailed message) {
        context.getLog()
                .warn(
                        "registry row of {} not written, the reminder repeats it: {}",
                        id,
                        message.failure().toString());
        row.failed();
        return Effect().noReply();
    }

    private Instant now(TenantState state) {
        return EventTime.next(state.at(), clock);
    }

    @Override
    public EventHandler<TenantState, TenantEvent> eventHandler() {
        return TenantState::apply;
    }

    @Override
    protected void onRecovered(TenantState state) {
        row.reset();
    }

    @Override
    public SnapshotAdapter<TenantState> snapshotAdapter() {
        return new Snapshots<>(TenantSnapshot.class, TenantState::toSnapshot, TenantState::fromSnapshot);
    }
}
