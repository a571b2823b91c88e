package io.lanying.node;

import io.lanying.node.cli.Progress;
import io.lanying.persistence.migration.JournalMigration;
import io.lanying.persistence.migration.JournalMigration.Step;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows how far a move of the journal is, and how long the step may still take by how fast it was so far. Thread-safe. */
final class JournalMoveProgress implements Consumer<JournalMigration.Progress> {

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private @Nullable Progress bar;
    private JournalMigration.@Nullable Progress last;
    private long begun;
    private long doneBefore;

    JournalMoveProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void accept(JournalMigration.Progress progress) {
        if (bar == null || last == null || last.step() != progress.step()) {
            end();
            bar = new Progress(out, progress.of());
            begun = System.nanoTime();
            doneBefore = progress.step() == Step.COPY ? progress.entities() : 0;
        }
        last = progress;
        bar.show(progress.entities(), text(progress));
    }

    /** The step's last state, on a line of its own. */
    synchronized void end() {
        if (bar != null && last != null) {
            bar.end(last.entities(), text(last));
        }
        bar = null;
    }

    private String text(JournalMigration.Progress progress) {
        double seconds = Math.max((System.nanoTime() - begun) / NANOS_PER_SECOND, 0.001);
        long done = progress.entities() - doneBefore;
        long left = progress.of() - progress.entities();
        return switch (progress.step()) {
            case LIST -> "listed " + progress.entities() + " entities";
            case COPY, COMPARE ->
                (progress.step() == Step.COPY ? "copied " : "compared ") + progress.entities() + "/" + progress.of()
                        + " entities, " + progress.events() + " events, " + Math.round(progress.events() / seconds)
                        + " a second"
                        + (left == 0 || done <= 0 ? "" : ", " + span(Math.round(left * seconds / done)) + " left");
        };
    }

    private static String span(long seconds) {
        Duration left = Duration.ofSeconds(seconds);
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0 ? left.toMinutes() + " min " + left.toSecondsPart() + " s" : seconds + " s";
    }
}
