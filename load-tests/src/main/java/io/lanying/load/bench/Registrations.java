package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.IntFunction;

/** Registers very many devices through the API, as many at once as there are connections; one thread, no recording. */
final class Registrations implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int TELL_EVERY = 10_000;

    /** A server that has no time for more registrations than this is not one to measure. */
    private static final int MOST_REPEATS = 1_000;

    private final InetSocketAddress server;
    private final String apiKey;
    private final IntFunction<String> ids;
    private final String body;
    private final int count;
    private final Wires wires = new Wires();
    private int started;
    private int registered;
    private int repeated;

    /**
     * @param ids by number, from 0
     * @param body what each is registered as
     */
    Registrations(InetSocketAddress server, String apiKey, IntFunction<String> ids, String body, int count)
            throws IOException {
        this.server = server;
        this.apiKey = apiKey;
        this.ids = ids;
        this.body = body;
        this.count = count;
    }

    /** Returns when all are registered; what was answered 503 is sent again. Throws if one is refused otherwise. */
    void run() throws IOException {
        for (int line = 0; line < CONNECTIONS; line++) {
            next(new HttpLine(server, wires, this::onAnswer));
        }
        while (registered < count) {
            wires.turn(100);
        }
    }

    private void next(HttpLine line) throws IOException {
        if (started < count) {
            register(line, started++);
        }
    }

    private void register(HttpLine line, int number) throws IOException {
        byte[] request = Bytes.of("PUT /v1/devices/" + ids.apply(number) + " HTTP/1.1\r\nHost: "
                + server.getHostString() + "\r\nAuthorization: Bearer " + apiKey
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        line.send(number, request);
    }

    private void onAnswer(HttpLine line, int number, int status) throws IOException {
        if (status == 503 && repeated < MOST_REPEATS) {
            repeated++;
            register(line, number);
            return;
        }
        if (status != 201 && status != 200) {
            throw new IOException("the registration of " + ids.apply(number) + " was answered " + status);
        }
        if (++registered % TELL_EVERY == 0) {
            System.out.printf("bench: %d devices registered%n", registered);
        }
        next(line);
    }

    @Override
    public void close() throws IOException {
        wires.close();
    }
}
