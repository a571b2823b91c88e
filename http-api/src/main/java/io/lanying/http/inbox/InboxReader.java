package io.lanying.http.inbox;

import io.lanying.http.entity.Admission;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.device.DeviceCommand.ReadInbox;
import io.lanying.protocol.device.DeviceCommand.SetAside;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Inbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads inboxes: what the device says is there, and the answer made of it. Thread-safe; a failed stage means unavailable. */
final class InboxReader {

    /**
     * What an app asks for.
     *
     * @param after the last number it has; absent: what it acknowledged
     * @param limit the most entries
     * @param within how long to wait while there is nothing
     */
    record Ask(Optional<Long> after, int limit, Duration within) {

        /** Whether this inbox has something for it. */
        boolean finds(Inbox inbox) {
            return asksForRepeats(inbox)
                    || !inbox.items().isEmpty()
                    || !inbox.gone().isEmpty();
        }

        /** Whether nothing can come for it: its number is of another stream. */
        boolean isBeyond(Inbox inbox) {
            return after.isPresent() && after.get() > inbox.lastSeq();
        }

        private boolean asksForRepeats(Inbox inbox) {
            return after.isPresent() && after.get() < inbox.ackedSeq();
        }
    }

    private final DeviceEntities devices;
    private final AcknowledgedItems acknowledged;
    private final InboxContents contents;
    private final Admission reads;
    private final Admission repeats;
    private final long maxBytes;

    InboxReader(
            DeviceEntities devices,
            AcknowledgedItems acknowledged,
            InboxContents contents,
            Admission reads,
            Admission repeats,
            long maxBytes) {
        this.devices = devices;
        this.acknowledged = acknowledged;
        this.contents = contents;
        this.reads = reads;
        this.repeats = repeats;
        this.maxBytes = maxBytes;
    }

    /** What is there now: {@code Inbox}, or a refusal. */
    CompletionStage<DeviceReply> look(DeviceCall call, Ask ask) {
        return devices.ask(
                call.device(), replyTo -> new ReadInbox(call.binding(), ask.after(), ask.limit(), maxBytes, replyTo));
    }

    /** The answer's JSON. */
    CompletionStage<byte[]> answer(DeviceCall call, Ask ask, Inbox inbox) {
        return shown(call, ask, inbox)
                .thenCompose(shown -> isStuck(shown, inbox) ? pastSilence(call, ask, shown) : made(inbox, shown));
    }

    private CompletionStage<InboxContents.Shown> shown(DeviceCall call, Ask ask, Inbox inbox) {
        return entries(call, ask, inbox)
                .thenCompose(entries -> entries.isEmpty()
                        ? CompletableFuture.completedFuture(InboxContents.Shown.NOTHING)
                        : reads.admit(() -> contents.frames(call.device(), entries)));
    }

    /** Whether all that could be shown waits behind a conversation that does not answer. */
    private static boolean isStuck(InboxContents.Shown shown, Inbox inbox) {
        int open = inbox.items().size();
        boolean othersWait = open > shown.unread().size()
                || (open > 0 && inbox.items().get(open - 1).itemSeq() < inbox.lastSeq());
        return shown.frames().isEmpty() && !shown.unread().isEmpty() && othersWait;
    }

    /** Has others pass the items of silent conversations, and looks once more. */
    private CompletionStage<byte[]> pastSilence(DeviceCall call, Ask ask, InboxContents.Shown stuck) {
        return devices.ask(call.device(), replyTo -> new SetAside(call.binding(), stuck.unread(), replyTo))
                .thenCompose(noted -> look(call, ask))
                .thenCompose(reply -> reply instanceof Inbox again
                        ? shown(call, ask, again).thenCompose(shown -> made(again, shown))
                        : CompletableFuture.failedFuture(new Unavailable("the device is changing")));
    }

    private static CompletionStage<byte[]> made(Inbox inbox, InboxContents.Shown shown) {
        return shown.frames().isEmpty() && !shown.unread().isEmpty()
                ? CompletableFuture.failedFuture(new Unavailable("a conversation does not answer"))
                : CompletableFuture.completedFuture(
                        InboxContents.answer(inbox.streamId(), inbox.ackedSeq(), inbox.lastSeq(), shown.frames()));
    }

    private CompletionStage<List<Entry>> entries(DeviceCall call, Ask ask, Inbox inbox) {
        var open = Entry.inOrder(inbox.items(), inbox.gone());
        if (!ask.asksForRepeats(inbox)) {
            return CompletableFuture.completedFuture(Entry.cut(open, ask.limit(), maxBytes));
        }
        long after = ask.after().orElseThrow();
        // No further than could be told: numbers that ended side by side are one entry, so this may be less than the
        // limit.
        long upTo = Math.min(inbox.ackedSeq(), after + ask.limit());
        return repeats.admit(() -> acknowledged.find(call.device(), after, upTo, inbox.eventSeq()))
                .thenApply(found -> {
                    var all = new ArrayList<>(found);
                    if (upTo == inbox.ackedSeq()) {
                        all.addAll(open);
                    }
                    return Entry.cut(all, ask.limit(), maxBytes);
                });
    }
}
