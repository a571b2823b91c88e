package io.lanying.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowWayTest {

    private ServerSocket server;
    private SlowWay way;
    private Socket client;
    private Socket there;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        way = new SlowWay(server.getLocalPort(), 1);
        client = new Socket(InetAddress.getLoopbackAddress(), way.port());
        there = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        there.close();
        way.close();
        server.close();
    }

    @Test
    void whatIsSaidToTheServerTakesItsTimeAndAnswersDoNot() throws IOException {
        way.delay(Duration.ofMillis(200), Duration.ofMillis(300));
        assertThat(millis(client, there)).isBetween(200L, 2_000L);
        assertThat(millis(there, client)).isLessThan(200);
    }

    @Test
    void nothingTakesTimeUntilToldSo() throws IOException {
        assertThat(millis(client, there)).isLessThan(200);
    }

    @Test
    void theEndOfOneSideIsTheOthers() throws IOException {
        there.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    private static long millis(Socket from, Socket to) throws IOException {
        long began = System.nanoTime();
        from.getOutputStream().write(7);
        assertThat(to.getInputStream().read()).isEqualTo(7);
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
