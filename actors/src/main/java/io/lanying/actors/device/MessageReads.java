package io.lanying.actors.device;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.device.DeviceCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from the conversations that a device's items name, one read at a time for its session. What a conversation does
 * not say in time is asked for again after a pause, which doubles while nobody answers.
 */
final class MessageReads {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ActorContext<DeviceCommand> context;
    private final TimerScheduler<DeviceCommand> timers;
    private final String tenant;
    private final MessageSource source;
    private Duration pause = FIRST_PAUSE;
    private boolean reading;

    MessageReads(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            String tenant,
            MessageSource source) {
        this.context = context;
        this.timers = timers;
        this.tenant = tenant;
        this.source = source;
    }

    /** Reads messages of one conversation for the session; what comes of it is {@link DeviceMessage.ContentsRead}. */
    void read(List<MessageRef> refs) {
        if (!reading && !refs.isEmpty()) {
            reading = true;
            context.pipeToSelf(ask(refs), (reply, failure) -> new DeviceMessage.ContentsRead(refs, answer(reply)));
        }
    }

    /** Reads the message of an offer; what comes of it is {@link DeviceMessage.VendorMessageRead}. */
    void readForVendor(long offer, MessageRef ref) {
        context.pipeToSelf(
                ask(List.of(ref)), (reply, failure) -> new DeviceMessage.VendorMessageRead(offer, answer(reply)));
    }

    /** What tells nothing of the messages is no answer. */
    private static Optional<ConversationReply> answer(@Nullable ConversationReply reply) {
        boolean silent = (reply instanceof Messages some && some.messages().isEmpty())
                || (reply instanceof Refused refused && refused.code() != ErrorCode.NOT_FOUND);
        return silent ? Optional.empty() : Optional.ofNullable(reply);
    }

    private CompletionStage<ConversationReply> ask(List<MessageRef> refs) {
        return source.read(new EntityId(tenant, refs.get(0).conversationId()), refs);
    }

    /** The session's read has ended. */
    void ended(boolean answered) {
        reading = false;
        if (answered) {
            pause = FIRST_PAUSE;
        }
    }

    /** Reads again after a pause. */
    void again() {
        if (!timers.isTimerActive(DeviceMessage.ReadSetAside.class)) {
            timers.startSingleTimer(DeviceMessage.ReadSetAside.class, new DeviceMessage.ReadSetAside(), pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** Nothing of an earlier incarnation counts. */
    void reset() {
        reading = false;
        pause = FIRST_PAUSE;
    }
}
