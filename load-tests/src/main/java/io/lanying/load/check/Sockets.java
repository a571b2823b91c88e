package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sockets of a history, each with what passed over it, in order. */
final class Sockets {

    record SocketKey(Target at, int epoch) {}

    /** Something that passed over a socket, with its place in the history. */
    record Step(int place, HistoryEvent event) {}

    /** One socket of one device. */
    record Socket(SocketKey key, HistoryEvent.Hello hello, List<Step> steps) {

        /** The stream it is in from its welcome on; empty before. */
        String streamId() {
            return steps.stream()
                    .map(Step::event)
                    .filter(HistoryEvent.Welcome.class::isInstance)
                    .map(event -> ((HistoryEvent.Welcome) event).streamId())
                    .findFirst()
                    .orElse("");
        }

        @Override
        public String toString() {
            return key.at() + " socket " + key.epoch();
        }
    }

    private final Map<SocketKey, Socket> sockets = new LinkedHashMap<>();

    private Sockets() {}

    static Sockets of(History history) {
        Sockets all = new Sockets();
        for (int place = 0; place < history.events().size(); place++) {
            all.place(place, history.events().get(place));
        }
        return all;
    }

    private void place(int place, HistoryEvent event) {
        if (event instanceof HistoryEvent.Hello hello) {
            SocketKey key = new SocketKey(hello.at(), hello.epoch());
            sockets.put(key, new Socket(key, hello, new ArrayList<>()));
        } else if (event instanceof HistoryEvent.Welcome welcome) {
            step(welcome.at(), welcome.epoch(), place, event);
        } else if (event instanceof HistoryEvent.Item item) {
            step(item.at(), item.epoch(), place, event);
        } else if (event instanceof HistoryEvent.Gone gone) {
            step(gone.at(), gone.epoch(), place, event);
        } else if (event instanceof HistoryEvent.Acked acked) {
            step(acked.at(), acked.epoch(), place, event);
        }
    }

    private void step(Target at, int epoch, int place, HistoryEvent event) {
        of(at, epoch).steps().add(new Step(place, event));
    }

    /** The socket that a frame came on. */
    Socket of(Target at, int epoch) {
        Socket socket = sockets.get(new SocketKey(at, epoch));
        if (socket == null) {
            throw new IllegalArgumentException("a frame without a hello at " + at + " socket " + epoch);
        }
        return socket;
    }

    Collection<Socket> all() {
        return sockets.values();
    }

    /** A device's sockets by the time they were opened. */
    Map<Target, List<Socket>> byDevice() {
        Map<Target, List<Socket>> result = new LinkedHashMap<>();
        sockets.values().forEach(socket -> result.computeIfAbsent(socket.key().at(), at -> new ArrayList<>())
                .add(socket));
        return result;
    }
}
