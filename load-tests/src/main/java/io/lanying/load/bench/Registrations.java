package io.lanying.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** Registers very many devices through the API, as many at once as there are connections; one thread, no recording. */
final class Registrations implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int TELL_EVERY = 10_000;

    private final InetSocketAddress server;
    private final String apiKey;
    private final String prefix;
    private final String body;
    private final int count;
    private final Selector selector = Selector.open();
    private final List<HttpLine> lines = new ArrayList<>();
    private int started;
    private int registered;

    /**
     * @param prefix of their ids; the rest is a number from 0
     * @param body what each is registered as
     */
    Registrations(InetSocketAddress server, String apiKey, String prefix, String body, int count) throws IOException {
        this.server = server;
        this.apiKey = apiKey;
        this.prefix = prefix;
        this.body = body;
        this.count = count;
    }

    /** Returns when all are registered; throws if one is refused. */
    void run() throws IOException {
        for (int line = 0; line < CONNECTIONS; line++) {
            lines.add(new HttpLine(server, selector, this::onAnswer));
        }
        for (HttpLine line : lines) {
            next(line);
        }
        while (registered < count) {
            selector.select(Registrations::ready, 100);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            ((Line) key.attachment()).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void next(HttpLine line) throws IOException {
        if (started < count) {
            int number = started++;
            byte[] request = Bytes.of("PUT /v1/devices/" + prefix + number + " HTTP/1.1\r\nHost: "
                    + server.getHostString() + "\r\nAuthorization: Bearer " + apiKey
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            line.send(number, request);
        }
    }

    private void onAnswer(HttpLine line, int number, int status) throws IOException {
        if (status != 201) {
            throw new IOException("the registration of " + prefix + number + " was answered " + status);
        }
        if (++registered % TELL_EVERY == 0) {
            System.out.printf("bench: %d devices registered%n", registered);
        }
        next(line);
    }

    @Override
    public void close() throws IOException {
        for (HttpLine line : lines) {
            line.close();
        }
        selector.close();
    }
}
