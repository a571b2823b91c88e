package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever incarnations come and go, whatever waits for keys: each number is on the socket once, in order. */
class ItemFeedTest {

    private static final ActorTestKit KIT = ActorTestKit.create();

    private final FakeSealing sealing = new FakeSealing();
    private final Written written = new Written();
    private final ItemFeed feed = new ItemFeed(
            SocketRig.TENANT,
            sealing,
            new ItemFrames(FrameCodec.of(FrameFormat.JSON)),
            written,
            new SocketMetrics(new SimpleMeterRegistry(), new AttachGate(1)),
            itemSeq -> {});

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void incarnationsComeAndGo(long seed) throws Exception {
        Random random = new Random(seed);
        ActorRef<DeviceCommand> device = KIT.<DeviceCommand>createTestProbe().ref();
        long last = 400;
        feed.begin(0);
        long next = 1;
        while (feed.sent() < last) {
            int dice = random.nextInt(20);
            if (dice == 0) { // moved: the new incarnation knows of some of the acknowledgements
                long known = feed.acked() - random.nextInt((int) Math.min(3, feed.acked()) + 1);
                feed.resume(known);
                next = known + 1;
            } else if (dice == 1) { // a message was lost
                assertThat(feed.deliver(List.of(item(random, Math.max(next, feed.acked() + 1) + 1))))
                        .as("seed " + seed)
                        .isEqualTo(ItemFeed.Outcome.GAP);
                feed.resume(feed.acked());
                next = feed.acked() + 1;
            } else if (dice < 5 && feed.sent() > 0) {
                assertThat(feed.acknowledge(feed.sent() - random.nextInt(2))).isTrue();
            } else if (dice == 5) {
                assertThat(feed.gone(new Gone(device, next, next + 1, Fate.EXPIRED)))
                        .isEqualTo(ItemFeed.Outcome.GOING_ON);
                next += 2;
            } else {
                int count = 1 + random.nextInt(5);
                List<Item> items = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    items.add(item(random, next++));
                }
                settle(feed.deliver(items), random);
            }
            assertThat(feed.tellable()).isLessThanOrEqualTo(next - 1);
        }
        long expected = 1;
        for (ServerFrame frame : written.frames()) {
            if (frame instanceof ServerFrame.Item item) {
                assertThat(item.itemSeq()).as("seed " + seed).isEqualTo(expected);
                expected++;
            } else {
                ServerFrame.Gone gone = (ServerFrame.Gone) frame;
                assertThat(gone.fromSeq()).as("seed " + seed).isEqualTo(expected);
                expected = gone.toSeq() + 1;
            }
        }
        assertThat(expected).isEqualTo(feed.sent() + 1);
    }

    @Test
    void whatWaitsForAKeyIsBounded() {
        sealing.slow.put("user:slow", new CompletableFuture<>());
        feed.begin(0);
        assertThat(feed.deliver(List.of(SocketRig.item(1, "user:slow", "{}")))).isEqualTo(ItemFeed.Outcome.KEY_NEEDED);
        for (int seq = 2; seq < ItemFeed.MAX_WAITING + 2; seq++) {
            assertThat(feed.deliver(List.of(SocketRig.item(seq)))).isEqualTo(ItemFeed.Outcome.GOING_ON);
        }
        assertThat(feed.deliver(List.of(SocketRig.item(ItemFeed.MAX_WAITING + 2))))
                .isEqualTo(ItemFeed.Outcome.GAP);
    }

    /** Some items' keys are not at hand; their look-up is answered, or fails first. */
    private Item item(Random random, long itemSeq) {
        if (random.nextInt(6) > 0) {
            return SocketRig.item(itemSeq);
        }
        String subject = "user:slow" + itemSeq;
        sealing.slow.put(subject, new CompletableFuture<>());
        return SocketRig.item(itemSeq, subject, "{}");
    }

    private void settle(ItemFeed.Outcome outcome, Random random) {
        ItemFeed.Outcome now = outcome;
        while (now == ItemFeed.Outcome.KEY_NEEDED) {
            now = random.nextBoolean()
                    ? feed.lookUpAgain()
                    : feed.keyFound(Optional.<Sealer>of(new FakeSealing.ClearSealer("user:slow")));
        }
        assertThat(now).isEqualTo(ItemFeed.Outcome.GOING_ON);
    }

    private static final class Written implements Socket {

        private final List<byte[]> frames = new ArrayList<>();

        List<ServerFrame> frames() throws Exception {
            List<ServerFrame> read = new ArrayList<>();
            for (byte[] frame : frames) {
                read.add(FrameCodec.of(FrameFormat.JSON).readServer(frame).orElseThrow());
            }
            return read;
        }

        @Override
        public boolean send(byte[] frame, FrameType type) {
            frames.add(frame);
            return true;
        }

        @Override
        public void started(ActorRef<SessionMessage> session) {}

        @Override
        public long takeAck() {
            return -1;
        }

        @Override
        public void handled() {}

        @Override
        public void close(CloseCode code, String reason) {}
    }
}
