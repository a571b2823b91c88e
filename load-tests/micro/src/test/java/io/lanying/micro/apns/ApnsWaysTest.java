package io.lanying.micro.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That all ways to Apple's stand-in can be run, and that all they send is accepted. */
class ApnsWaysTest {

    private static final int PUSHES = 200;

    @TempDir
    private Path folder;

    @Test
    void allGetTheirPushesAccepted() throws Exception {
        int port = freePort();
        Path trust = folder.resolve("trust.pem");
        String credential = folder.resolve("credential.json").toString();
        AppleStandIn.main(new String[] {Integer.toString(port), trust.toString(), credential});

        assertThat(othersOf(new PushyAlone(port, trust, false))).isZero();
        assertThat(othersOf(new PushyAlone(port, trust, true))).isZero();
        assertThat(othersOf(new OurChannel(port, trust))).isZero();
    }

    private static long othersOf(ApnsLoad.Way started) throws Exception {
        Tally tally = new Tally();
        try (ApnsLoad.Way way = started) {
            way.start(20, tally);
            await().atMost(Duration.ofSeconds(30)).until(() -> tally.accepted() + tally.others() >= PUSHES);
            long others = tally.others();
            tally.end();
            return others;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
