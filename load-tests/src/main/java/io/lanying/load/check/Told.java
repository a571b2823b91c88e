package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each device was told of conversations, in the order in which it heard it, repeats included. */
final class Told {

    /**
     * One telling.
     *
     * @param owner whose the device was on that socket
     */
    record Telling(int place, String owner, String streamId, TalkEvent.Said said) {

        Target at() {
            return said.at();
        }

        Talks.Numbered number() {
            return Talks.number(said.at().tenant(), said.conversation(), said.messageSeq());
        }

        boolean is(String kind) {
            return said.kind().equals(kind);
        }

        @Override
        public String toString() {
            return said.at() + " socket " + said.epoch() + ", item " + said.itemSeq();
        }
    }

    private final Map<Target, List<Telling>> byDevice = new LinkedHashMap<>();

    private Told() {}

    static Told of(History history, Sockets sockets) {
        Told told = new Told();
        for (int place = 0; place < history.events().size(); place++) {
            if (history.events().get(place) instanceof TalkEvent.Said said) {
                Sockets.Socket socket = sockets.of(said.at(), said.epoch());
                told.byDevice
                        .computeIfAbsent(said.at(), at -> new ArrayList<>())
                        .add(new Telling(place, socket.hello().owner(), socket.streamId(), said));
            }
        }
        return told;
    }

    List<Telling> to(Target device) {
        return byDevice.getOrDefault(device, List.of());
    }

    Map<Target, List<Telling>> byDevice() {
        return byDevice;
    }
}
