package io.lanying.micro.apns;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends pushes in a closed loop: so many are under way, the next follows an answer. */
public final class ApnsLoad {

    /** How pushes are sent. */
    interface Way extends AutoCloseable {

        /** Begins with so many, and goes on with one for each answer until the tally is over. */
        void start(int outstanding, Tally tally);

        @Override
        void close();
    }

    private ApnsLoad() {}

    /**
     * Says {@code measuring} when the measured time begins, and at its end {@code measured}, how many were accepted, how
     * many were not, and how many seconds it was.
     *
     * @param arguments {@code channel}, {@code pushy} or {@code callbacks} (of Pushy), port, the file with the certificate to trust, seconds of warm-up,
     *     measured seconds, how many are under way
     */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        Path trust = Path.of(arguments[2]);
        Tally tally = new Tally();
        try (Way way = way(arguments[0], port, trust)) {
            way.start(Integer.parseInt(arguments[5]), tally);
            sleep(arguments[3]);
            System.out.println("measuring");
            long before = tally.accepted();
            long from = System.nanoTime();
            sleep(arguments[4]);
            long accepted = tally.accepted() - before;
            double seconds = (System.nanoTime() - from) / 1e9;
            System.out.println("measured " + accepted + " " + tally.others() + " " + seconds);
            tally.end();
        }
        System.exit(0);
    }

    private static Way way(String name, int port, Path trust) throws Exception {
        return switch (name) {
            case "channel" -> new OurChannel(port, trust);
            case "pushy" -> new PushyAlone(port, trust, false);
            case "callbacks" -> new PushyAlone(port, trust, true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void sleep(String seconds) {
        LockSupport.parkNanos(Duration.ofSeconds(Long.parseLong(seconds)).toNanos());
    }
}
