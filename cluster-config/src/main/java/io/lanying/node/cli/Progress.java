package io.lanying.node.cli;

import java.io.PrintWriter;

/** Shows how far something is: one moving bar on a terminal, a line now and then anywhere else. Thread-safe. */
public final class Progress {

    private static final int WIDTH = 30;
    private static final long LINE_EVERY_NANOS = 2_000_000_000L;
    private static final long BAR_EVERY_NANOS = 100_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final long total;
    private long lastShown;
    private boolean barOpen;

    /** @param total of what is counted */
    public Progress(PrintWriter out, long total) {
        this.out = out;
        // The script knows; since JDK 22 a console is there in a pipe, too.
        this.terminal = Boolean.getBoolean("lanying.terminal");
        this.total = total;
        this.lastShown = System.nanoTime();
    }

    /** How far it is; shown if the last time is long enough ago. */
    public synchronized void show(long done, String text) {
        long now = System.nanoTime();
        if (now - lastShown < (terminal ? BAR_EVERY_NANOS : LINE_EVERY_NANOS)) {
            return;
        }
        lastShown = now;
        render(done, text);
    }

    /** The last state; what follows begins on a line of its own. */
    public synchronized void end(long done, String text) {
        render(done, text);
        if (barOpen) {
            out.println();
        }
        barOpen = false;
        out.flush();
    }

    private void render(long done, String text) {
        if (terminal) {
            int filled = (int) (total == 0 ? WIDTH : done * WIDTH / total);
            out.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + text + "\u001b[K");
            barOpen = true;
        } else {
            out.println(text);
        }
        out.flush();
    }
}
