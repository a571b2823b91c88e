package io.lanying.protocol.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One or more examples of every frame, by the name of its golden file. */
final class Frames {

    private Frames() {}

    static Map<String, ClientFrame> client() {
        Map<String, ClientFrame> frames = new LinkedHashMap<>();
        frames.put("hello", new ClientFrame.Hello("s7f3", 41, List.of("x")));
        frames.put("hello-first", new ClientFrame.Hello(null, 0, List.of()));
        frames.put("ack", new ClientFrame.Ack(42));
        frames.put("ping", new ClientFrame.Ping());
        frames.put("send", new ClientFrame.Send(7, "c1", "m-1", "text", body()));
        frames.put("read", new ClientFrame.Read("c1", 9));
        frames.put("opened", new ClientFrame.Opened("n1~d1"));
        frames.put("badgeSeen", new ClientFrame.BadgeSeen(12));
        frames.put("typing", new ClientFrame.Typing("c1"));
        frames.put("watch", new ClientFrame.Watch(List.of("c1", "c2")));
        return frames;
    }

    static Map<String, ServerFrame> server() {
        Map<String, ServerFrame> frames = new LinkedHashMap<>();
        frames.put("welcome", new ServerFrame.Welcome("d1", "ses1", "s7f3", 41, 57, 25, List.of()));
        frames.put("item", item());
        frames.put(
                "item-redelivered",
                new ServerFrame.Item(58, "r1", null, "command", "2026-11-20T00:00:00.000Z", 10L, body()));
        frames.put("gone", new ServerFrame.Gone(43, 44, "superseded"));
        frames.put("reply", new ServerFrame.Reply(7, true, "m9", 3L, null));
        frames.put("reply-refused", new ServerFrame.Reply(7, false, null, null, "notSupported"));
        frames.put("event", new ServerFrame.Event("typing", "c1", List.of("u2")));
        frames.put("pong", new ServerFrame.Pong());
        frames.put("bye", new ServerFrame.Bye(4000, 1500L));
        frames.put("bye-for-good", new ServerFrame.Bye(4500, null));
        return frames;
    }

    static ServerFrame.Item item() {
        return new ServerFrame.Item(42, "n1~d1", "n1~d1", "push", "2026-11-20T15:04:05.678Z", null, body());
    }

    static ObjectNode body() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("title", "你好 \"x\"")
                .put("n", 3)
                .put("f", 0.5);
    }
}
