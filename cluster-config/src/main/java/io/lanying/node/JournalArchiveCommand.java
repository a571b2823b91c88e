package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.CommandFailed;
import io.lanying.node.cli.Progress;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.archive.ArchiveSettings;
import io.lanying.persistence.archive.JournalArchiver;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code lanying journal archive}: moves old events from the journal into shared storage, with the settings of a node. Exits 0 when all
 * that could be moved was; harmless to interrupt and to repeat.
 */
@Command(
        name = "archive",
        description =
                "Move old events from the journal into shared storage, where audits still read them. Nodes may run "
                        + "meanwhile on PostgreSQL; on H2 the node must be stopped.",
        mixinStandardHelpOptions = true)
final class JournalArchiveCommand implements Callable<Integer> {

    /** No cluster, no ports: only what the store needs. */
    private static final Config ALONE = ConfigFactory.parseString("akka.actor.provider = local");

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            converter = Days.class,
            description = "Move events older than so many days, such as 90d; at least 7d. Default: "
                    + "push.persistence.archive.older-than, 30d.")
    private @Nullable Duration olderThan;

    @Option(names = "--dry-run", description = "Only say what would be moved, and how large it would be.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private @Nullable Progress bar;

    @Override
    public Integer call() {
        Config config = NodeConfig.load(ALONE);
        Optional<DataDirectory> taken = DataDirectory.takeForCommand(
                NodeSettings.from(config), "on H2 stop it before the journal is archived, then start it again");
        try {
            return archive(config);
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        } finally {
            taken.ifPresent(DataDirectory::close);
        }
    }

    private int archive(Config config) {
        ArchiveSettings settings = Optional.ofNullable(olderThan)
                .map(ArchiveSettings.from(config)::withOlderThan)
                .orElseGet(() -> ArchiveSettings.from(config));
        try (AloneSystem alone = new AloneSystem(Maintenance.settings(config))) {
            long begun = System.nanoTime();
            JournalArchiver.Progress end =
                    Maintenance.open(alone.system()).archiver(settings).run(dryRun, this::show);
            return end(end, Duration.ofNanos(System.nanoTime() - begun));
        } catch (io.lanying.persistence.StartRefused e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CommandFailed(
                    "the archiving stopped, what was moved stays moved; give the command again: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private void show(JournalArchiver.Progress progress) {
        if (bar == null) {
            bar = new Progress(spec.commandLine().getOut(), progress.allSnapshots());
        }
        bar.show(Math.min(progress.snapshots(), progress.allSnapshots()), moved(progress));
    }

    private int end(JournalArchiver.Progress end, Duration took) {
        String text = moved(end) + ", " + end.segments() + " objects, " + Math.max(1, took.toMillis() / 1_000) + " s";
        PrintWriter out = spec.commandLine().getOut();
        if (bar == null) {
            out.println(text);
            out.flush();
        } else {
            bar.end(end.allSnapshots(), text);
        }
        end.told().forEach(line -> spec.commandLine().getErr().println("lanying: " + line));
        if (end.unreadable() > 0) {
            throw new CommandFailed(
                    "entities of which something cannot be read, and which are as they were: " + end.unreadable());
        }
        return 0;
    }

    private String moved(JournalArchiver.Progress progress) {
        return "lanying: " + progress.events() + " events of " + progress.entities() + " entities "
                + (dryRun ? "would be archived" : "archived") + " as " + progress.bytes() + " bytes";
    }

    /** {@code 30d}. */
    static final class Days implements ITypeConverter<Duration> {

        private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,4}d");

        @Override
        public Duration convert(String text) {
            if (!FORM.matcher(text).matches()) {
                throw new TypeConversionException("'" + text + "' is not a number of days, such as 30d");
            }
            return Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)));
        }
    }
}
