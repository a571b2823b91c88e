package io.lanying.load.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts hits once it is armed, and ends the process at the chosen one. Called from the instrumented methods. */
public final class Trigger {

    /** As if by {@code kill -9}: no shutdown hook runs, nothing is flushed. */
    public static final int EXIT_CODE = 137;

    private static final AtomicInteger HITS = new AtomicInteger();

    private static volatile String event = "";
    private static volatile Path armedBy = Path.of("");
    private static volatile int fatalHit = Integer.MAX_VALUE;
    private static volatile boolean armed;

    private Trigger() {}

    static void set(Path armedByFile, int hit, String eventType) {
        event = eventType + "[";
        armedBy = armedByFile;
        fatalHit = hit;
    }

    /** A hit, if this is what the journal keeps of the event. */
    public static void hit(Object persistent) {
        try {
            Object payload = persistent.getClass().getMethod("payload").invoke(persistent);
            if (payload.toString().startsWith(event)) {
                hit();
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Hits before the file exists do not count, so that a run can be prepared in peace. */
    public static void hit() {
        if (!armed) {
            armed = Files.exists(armedBy);
            if (!armed) {
                return;
            }
        }
        if (HITS.incrementAndGet() == fatalHit) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
