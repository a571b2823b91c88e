package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** One node's start, watched from outside. */
final class Startup implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final long began = System.nanoTime();
    private final ServerProcess server;
    private double readySeconds;
    private Optional<Double> pushSeconds = Optional.empty();
    private int refusals;

    private Startup(ServerSettings settings) {
        this.server = ServerProcess.launch(settings);
    }

    /** Starts one and returns when it says that it is ready. */
    static Startup of(ServerSettings settings) throws InterruptedException {
        Startup start = new Startup(settings);
        while (!start.isReady()) {
            start.pause("is not ready");
        }
        start.readySeconds = start.sinceBegin();
        return start;
    }

    private boolean isReady() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(server.management().resolve("/ready"))
                    .timeout(ANSWER)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // nobody listens yet
        }
    }

    /** Pushes until it is accepted. */
    void push(String apiKey, String device) throws InterruptedException {
        Pushes pushes = new Pushes(server, apiKey, prefix());
        while (!isAccepted(pushes, device)) {
            refusals++;
            pause("accepts no push");
        }
        pushSeconds = Optional.of(sinceBegin());
    }

    private static boolean isAccepted(Pushes pushes, String device) throws InterruptedException {
        try {
            return pushes.trySend(device) == 202;
        } catch (IOException e) {
            return false; // nobody listens yet
        }
    }

    private void pause(String otherwise) {
        if (!server.alive()) {
            server.awaitReady(); // says why
        }
        if (sinceBegin() > LIMIT.toSeconds()) {
            server.close();
            throw new IllegalStateException("the node " + otherwise + " after " + LIMIT);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private double sinceBegin() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Not that of another start. */
    String prefix() {
        return "start-" + server.handle().pid();
    }

    ServerProcess server() {
        return server;
    }

    /** Adds what it took. */
    void tell(String which, SideRun run) throws IOException {
        run.put(which + ", ready, s", readySeconds);
        if (pushSeconds.isPresent()) {
            run.put(which + ", first push accepted, s", pushSeconds.get());
            run.put(which + ", pushes not accepted before, once ready", refusals);
        }
        run.put(
                which + ", CPU until then, s",
                CpuClock.ofTree(server.handle().pid()).seconds());
        run.put(which + ", resident memory then, MiB", server.residentBytes() / 1048576.0);
    }

    /** Waits until the server has begun to serve, then stops it in order. */
    @Override
    public void close() {
        server.awaitReady();
        server.stop();
        server.close();
    }
}
