package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I2: on each socket the numbers follow one another from the welcome on, items and {@code gone} together; between sockets a
 * stream goes on where the app acknowledged, a number keeps its item, and a new stream has a new owner.
 */
final class InOrder {

    /** What is known of one stream from the device's earlier sockets. */
    private static final class Stream {
        private final Map<Long, String> items = new HashMap<>();
        private final Set<Long> gone = new HashSet<>();
        private long ackedSeq;
        private long lastSeq;
    }

    private final Violations violations;
    private final Map<String, Stream> streams = new HashMap<>();
    private String where = "";
    private long expected;
    private Stream stream = new Stream();

    private InOrder(Violations violations) {
        this.violations = violations;
    }

    static void check(History history, Sockets sockets, Violations violations) {
        Map<Target, Long> bindings = new HashMap<>();
        history.all(HistoryEvent.BindInvoked.class).forEach(bind -> bindings.merge(bind.at(), 1L, Long::sum));
        sockets.byDevice().forEach((device, ofDevice) -> {
            InOrder check = new InOrder(violations);
            ofDevice.forEach(check::walk);
            long owners = Math.max(1, bindings.getOrDefault(device, 1L));
            if (check.streams.size() > owners) {
                violations.add(
                        Invariant.I2,
                        "%s had %d streams with %d owners".formatted(device, check.streams.size(), owners));
            }
        });
    }

    private void walk(Sockets.Socket socket) {
        where = socket.toString();
        for (Sockets.Step step : socket.steps()) {
            HistoryEvent event = step.event();
            if (event instanceof HistoryEvent.Welcome welcome) {
                onWelcome(socket.hello(), welcome);
            } else if (event instanceof HistoryEvent.Item item) {
                onItem(item);
            } else if (event instanceof HistoryEvent.Gone gone) {
                onGone(gone);
            } else if (event instanceof HistoryEvent.Acked acked) {
                stream.ackedSeq = Math.max(stream.ackedSeq, acked.itemSeq());
            }
        }
    }

    private void onWelcome(HistoryEvent.Hello hello, HistoryEvent.Welcome welcome) {
        stream = streams.computeIfAbsent(welcome.streamId(), id -> new Stream());
        if (hello.streamId().equals(welcome.streamId())) {
            stream.ackedSeq = Math.max(stream.ackedSeq, hello.ackedSeq());
            if (welcome.ackedSeq() < hello.ackedSeq()) {
                fault("welcomed at %d after it had acknowledged %d".formatted(welcome.ackedSeq(), hello.ackedSeq()));
            }
        }
        if (welcome.ackedSeq() > stream.ackedSeq) {
            fault("welcomed at %d, but only %d was acknowledged".formatted(welcome.ackedSeq(), stream.ackedSeq));
        }
        if (welcome.lastSeq() < stream.lastSeq) {
            fault("the stream fell back from %d to %d".formatted(stream.lastSeq, welcome.lastSeq()));
        }
        stream.lastSeq = Math.max(stream.lastSeq, welcome.lastSeq());
        expected = welcome.ackedSeq() + 1;
    }

    private void onItem(HistoryEvent.Item item) {
        follow(item.itemSeq(), item.itemSeq());
        String before = stream.items.putIfAbsent(item.itemSeq(), item.id());
        if (before != null && !before.equals(item.id())) {
            fault("number %d was item %s and is now %s".formatted(item.itemSeq(), before, item.id()));
        }
        if (stream.gone.contains(item.itemSeq())) {
            fault("number %d came after it was said gone".formatted(item.itemSeq()));
        }
    }

    private void onGone(HistoryEvent.Gone gone) {
        if (gone.toSeq() < gone.fromSeq() || gone.toSeq() - gone.fromSeq() > 1_000_000) {
            fault("gone from %d to %d".formatted(gone.fromSeq(), gone.toSeq()));
            return;
        }
        follow(gone.fromSeq(), gone.toSeq());
        for (long number = gone.fromSeq(); number <= gone.toSeq(); number++) {
            stream.gone.add(number);
        }
    }

    private void follow(long from, long to) {
        if (from != expected) {
            fault("%d came where %d was due".formatted(from, expected));
        }
        expected = to + 1;
        stream.lastSeq = Math.max(stream.lastSeq, to);
    }

    private void fault(String detail) {
        violations.add(Invariant.I2, "%s: %s".formatted(where, detail));
    }
}
