package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import java.util.TreeSet;

/** I7: what was measured stays under its limit, the window is kept, and overload is answered 429 or 503 with Retry-After. */
final class WithinLimits {

    private WithinLimits() {}

    static void check(History history, Sockets sockets, Violations violations) {
        history.all(HistoryEvent.Measured.class).forEach(measured -> {
            if (measured.value() > measured.limit()) {
                violations.add(
                        Invariant.I7,
                        "%s is %d, limit %d".formatted(measured.what(), measured.value(), measured.limit()));
            }
        });
        history.all(HistoryEvent.Refused.class).forEach(refused -> {
            boolean overload = refused.status() == 429 || refused.status() == 503;
            if (overload && !refused.retryAfter()) {
                violations.add(Invariant.I7, "op %d: %d without Retry-After".formatted(refused.op(), refused.status()));
            } else if (!overload && refused.status() >= 500) {
                violations.add(Invariant.I7, "op %d: answered %d".formatted(refused.op(), refused.status()));
            }
        });
        history.all(HistoryEvent.Window.class).findFirst().ifPresent(window -> sockets.all()
                .forEach(socket -> checkWindow(socket, window.items(), violations)));
    }

    /** Counted from the app's side, which acknowledges before the server knows: never less than what the server counts. */
    private static void checkWindow(Sockets.Socket socket, int limit, Violations violations) {
        TreeSet<Long> unacknowledged = new TreeSet<>();
        for (Sockets.Step step : socket.steps()) {
            if (step.event() instanceof HistoryEvent.Item item) {
                unacknowledged.add(item.itemSeq());
                if (unacknowledged.size() == limit + 1) {
                    violations.add(Invariant.I7, "%s: more than %d items unacknowledged".formatted(socket, limit));
                }
            } else if (step.event() instanceof HistoryEvent.Acked acked) {
                unacknowledged.headSet(acked.itemSeq(), true).clear();
            }
        }
    }
}
