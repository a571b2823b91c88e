package io.lanying.http.inbox;

import io.lanying.http.error.Unavailable;
import io.lanying.http.session.ItemFrames;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes of an inbox's entries what the socket would send: reads the bodies from the device's journal, the messages from their
 * conversations, and opens them, last thing before they leave. Thread-safe; a failed stage means unavailable.
 */
final class InboxContents {

    /** How far apart the bodies of one read of the journal may lie; also the most events it brings. */
    private static final int SPAN = 1_000;

    private static final byte[] REPEAT = ",\"repeat\":true}".getBytes(StandardCharsets.US_ASCII);

    private final Journal journal;
    private final InboxMessages messages;
    private final Sealing sealing;
    private final ItemFrames frames = new ItemFrames(FrameCodec.of(FrameFormat.JSON));
    private final Counter unreadable;

    InboxContents(Journal journal, InboxMessages messages, Sealing sealing, MeterRegistry metrics) {
        this.journal = journal;
        this.messages = messages;
        this.sealing = sealing;
        this.unreadable = Counter.builder("push.inbox.unreadable")
                .description("Items whose body could not be opened, mostly because its subject was erased")
                .register(metrics);
    }

    /** @param unread the numbers of all items whose conversation did not answer */
    record Shown(List<byte[]> frames, List<Long> unread) {

        static final Shown NOTHING = new Shown(List.of(), List.of());
    }

    /** What the entries need to be shown. */
    private record Needed(Map<Long, Sealed> bodies, InboxMessages.Found messages, Map<String, Sealer> sealers) {}

    /**
     * The frames of the entries, in their order, each one JSON object. Fewer if a conversation does not answer: those before its
     * first message, which may be none.
     */
    CompletionStage<Shown> frames(EntityId device, List<Entry> entries) {
        List<Long> bodiesAt = entries.stream()
                .flatMap(entry -> entry.item().stream())
                .map(OpenItem::bodyAt)
                .filter(at -> at > 0)
                .distinct()
                .sorted()
                .toList();
        return bodies(device, bodiesAt, 0, new HashMap<>())
                .thenCombine(messages.of(device.tenant(), entries), (bodies, found) -> needed(device, bodies, found))
                .thenCompose(needed -> needed)
                .thenApply(needed -> new Shown(
                        entries.subList(0, needed.messages.readable(entries)).stream()
                                .map(entry -> frame(entry, needed))
                                .toList(),
                        needed.messages.unread(entries)));
    }

    private CompletionStage<Needed> needed(EntityId device, Map<Long, Sealed> bodies, InboxMessages.Found found) {
        var subjects = Stream.concat(bodies.values().stream().map(Sealed::subject), found.subjects())
                .collect(Collectors.toSet());
        return sealers(device.tenant(), subjects).thenApply(sealers -> new Needed(bodies, found, sealers));
    }

    private CompletionStage<Map<Long, Sealed>> bodies(
            EntityId device, List<Long> wanted, int done, Map<Long, Sealed> found) {
        if (done == wanted.size()) {
            return CompletableFuture.completedFuture(found);
        }
        int end = done + 1;
        while (end < wanted.size() && wanted.get(end) - wanted.get(done) < SPAN) {
            end++;
        }
        int next = end;
        return Unavailable.when(
                        "the journal cannot be read",
                        () -> journal.events(EntityKind.DEVICE, device, wanted.get(done), wanted.get(next - 1), SPAN))
                .thenCompose(events -> {
                    events.forEach(each -> {
                        if (each.event() instanceof ItemAccepted accepted) {
                            accepted.body().ifPresent(body -> found.put(each.eventSeq(), body));
                        }
                    });
                    return bodies(device, wanted, next, found);
                });
    }

    private CompletionStage<Map<String, Sealer>> sealers(String tenant, Set<String> subjects) {
        CompletionStage<Map<String, Sealer>> found = CompletableFuture.completedFuture(new HashMap<>());
        for (String subject : subjects) {
            found = found.thenCombine(
                    Unavailable.when("keys cannot be read", () -> sealing.existing(tenant, subject)),
                    (sealers, sealer) -> {
                        sealer.ifPresent(open -> sealers.put(subject, open));
                        return sealers;
                    });
        }
        return found;
    }

    private byte[] frame(Entry entry, Needed needed) {
        byte[] frame = entry.item()
                .map(item -> item(item, needed))
                .orElseGet(() -> entry.gone().map(this::gone).orElseThrow());
        return entry.repeat() ? repeated(frame) : frame;
    }

    private byte[] item(OpenItem item, Needed needed) {
        var ended = item.content().flatMap(needed.messages::endOf);
        if (ended.isPresent()) {
            return frames.gone(item.itemSeq(), item.itemSeq(), ended.get());
        }
        var sent = new Item(
                item.itemSeq(),
                item.id(),
                item.kind(),
                item.acceptedAt(),
                item.redeliveryOf(),
                Optional.ofNullable(needed.bodies.get(item.bodyAt())),
                item.ref(),
                item.content().flatMap(needed.messages::message),
                item.receipt());
        if (item.bodyAt() != 0 && sent.body().isEmpty()) {
            throw new Unavailable("a body is not in the journal yet");
        }
        return sent.sealed().isEmpty() ? frames.bodiless(sent) : opened(sent, needed);
    }

    private byte[] opened(Item item, Needed needed) {
        var sealed = item.sealed().orElseThrow();
        return Optional.ofNullable(needed.sealers.get(sealed.subject()))
                .flatMap(sealer -> frames.opened(item, sealed, sealer))
                .orElseGet(() -> {
                    unreadable.increment();
                    return frames.gone(item.itemSeq(), item.itemSeq(), Fate.REFUSED);
                });
    }

    private byte[] gone(GoneRange range) {
        return frames.gone(range.fromSeq(), range.toSeq(), range.fate());
    }

    /** The frame is one JSON object: one more field takes the place of its closing brace. */
    private static byte[] repeated(byte[] frame) {
        byte[] longer = new byte[frame.length - 1 + REPEAT.length];
        System.arraycopy(frame, 0, longer, 0, frame.length - 1);
        System.arraycopy(REPEAT, 0, longer, frame.length - 1, REPEAT.length);
        return longer;
    }

    /** An answer's bytes round its frames. */
    static byte[] answer(String streamId, long ackedSeq, long lastSeq, List<byte[]> frames) {
        var parts = new ArrayList<byte[]>(frames.size() * 2 + 2);
        // Stream ids are ours and hold nothing that JSON escapes.
        parts.add(utf8("{\"streamId\":\"" + streamId + "\",\"ackedSeq\":" + ackedSeq + ",\"lastSeq\":" + lastSeq
                + ",\"items\":["));
        for (byte[] frame : frames) {
            if (parts.size() > 1) {
                parts.add(utf8(","));
            }
            parts.add(frame);
        }
        parts.add(utf8("]}"));
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
