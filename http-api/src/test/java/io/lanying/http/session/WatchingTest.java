package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Typing;
import io.lanying.protocol.conversation.ConversationCommand.Unwatch;
import io.lanying.protocol.conversation.ConversationCommand.Watch;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.NotWatching;
import io.lanying.protocol.session.SessionMessage.Present;
import io.lanying.protocol.session.SessionMessage.Typed;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Apps that watch conversations: what the conversations hear, and what the apps are told. */
class WatchingTest {

    private static SocketRig rig;

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile ActorRef<SessionMessage> session;

    @BeforeAll
    static void startAll() {
        rig = new SocketRig();
    }

    @AfterAll
    static void stopAll() throws Exception {
        rig.close();
    }

    @BeforeEach
    void listen() {
        rig.watched = (conversation, command) -> told.add(conversation + " " + nameOf(command));
    }

    private String nameOf(ConversationCommand command) {
        if (command instanceof Watch watch) {
            session = watch.session();
            return "watch " + watch.userId();
        }
        if (command instanceof Typing typing) {
            return "typing " + typing.userId();
        }
        return command instanceof Unwatch ? "unwatch" : command.toString();
    }

    private RawApp attached(String id) throws Exception {
        var app = rig.connect(id);
        rig.attach(app, rig.device(id), 0);
        return app;
    }

    private void expect(String... sayings) throws Exception {
        for (String saying : sayings) {
            assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(saying);
        }
    }

    private static void roundTrip(RawApp app) throws Exception {
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class);
    }

    private static double incidents(String kind) {
        return rig.count("push.sockets.incidents", "kind", kind);
    }

    @Test
    void whatIsWatchedIsHeardOfUntilTheSocketEnds() throws Exception {
        var app = attached("watcher");
        app.say(new ClientFrame.Watch(List.of("c1", "c2", "c1")));
        expect("t1:c1 watch u1", "t1:c2 watch u1");

        session.tell(new Present("c1", List.of("u1", "u2")));
        assertThat(app.expect(ServerFrame.Event.class))
                .isEqualTo(new ServerFrame.Event("presence", "c1", List.of("u1", "u2")));
        session.tell(new Present("c1", List.of("u1", "u2"))); // no news
        session.tell(new Present("other", List.of("u2")));
        session.tell(new Typed("other", List.of("u2")));
        session.tell(new Typed("c2", List.of("u2")));
        assertThat(app.expect(ServerFrame.Event.class)).isEqualTo(new ServerFrame.Event("typing", "c2", List.of("u2")));

        app.close();
        expect("t1:c1 unwatch", "t1:c2 unwatch");
    }

    @Test
    void theNewestWishCountsAndIsTakenOnceASecond() throws Exception {
        var app = attached("changing");
        app.say(new ClientFrame.Watch(List.of("c1", "c2")));
        expect("t1:c1 watch u1", "t1:c2 watch u1");
        for (int i = 0; i < 50; i++) {
            app.say(new ClientFrame.Watch(List.of("never" + i)));
        }
        app.say(new ClientFrame.Watch(List.of("c2", "c3")));
        expect("t1:c1 unwatch", "t1:c3 watch u1");
        app.say(new ClientFrame.Watch(List.of()));
        expect("t1:c2 unwatch", "t1:c3 unwatch");
    }

    @Test
    void typingIsHeardOfWhatIsWatchedNowAndThen() throws Exception {
        var app = attached("typist");
        double ignored = incidents("frame_ignored");
        double dropped = incidents("typing_dropped");
        app.say(new ClientFrame.Typing("c1"));
        app.say(new ClientFrame.Watch(List.of("c1", "not/an-id")));
        expect("t1:c1 watch u1");
        for (int i = 0; i < 20; i++) {
            app.say(new ClientFrame.Typing("c1"));
        }
        app.say(new ClientFrame.Typing("c2"));
        expect("t1:c1 typing u1");
        roundTrip(app);
        await().until(() -> incidents("typing_dropped") == dropped + 19);
        await().until(() -> incidents("frame_ignored") == ignored + 3);

        double refused = incidents("watch_refused");
        session.tell(new NotWatching("c1"));
        session.tell(new Present("c1", List.of("u2")));
        await().until(() -> incidents("watch_refused") == refused + 1);
        app.say(new ClientFrame.Typing("c1"));
        await().until(() -> incidents("frame_ignored") == ignored + 4);
        roundTrip(app);
        assertThat(told).isEmpty();
    }

    @Test
    void nothingIsWatchedBeforeTheDeviceTookTheSession() throws Exception {
        TestProbe<DeviceCommand> device = rig.device("early");
        var app = rig.connect("early");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        app.say(new ClientFrame.Watch(List.of("c1")));
        Attach attach = device.expectMessageClass(Attach.class);
        roundTrip(app);
        assertThat(told).isEmpty();
        attach.session().tell(new Attached(device.ref(), "s1", 0, 0));
        app.expect(ServerFrame.Welcome.class);
        expect("t1:c1 watch u1");
    }

    @Test
    void aDeviceOfNobodyWatchesNothing() throws Exception {
        var app = attached("nobodys-watch");
        double ignored = incidents("frame_ignored");
        app.say(new ClientFrame.Watch(List.of("c1")));
        await().until(() -> incidents("frame_ignored") == ignored + 1);
        assertThat(told).isEmpty();
    }

    @Test
    void anAppThatDoesNotReadMissesEventsAndKeepsItsSocket() throws Exception {
        var app = attached("slow");
        app.say(new ClientFrame.Watch(List.of("c1")));
        expect("t1:c1 watch u1");
        double dropped = incidents("event_dropped");
        var many = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> "user-with-a-long-id-" + "x".repeat(40) + i)
                .toList();
        for (int i = 0; i < 5_000; i++) {
            session.tell(new Typed("c1", many));
        }
        await().until(() -> incidents("event_dropped") > dropped);
        assertThat(rig.count("push.sockets.closes", "code", "4003")).isZero();
        app.close();
        expect("t1:c1 unwatch");
    }
}
