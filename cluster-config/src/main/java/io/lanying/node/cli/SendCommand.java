package io.lanying.node.cli;

import io.lanying.node.cli.NotificationFile.Line;
import io.lanying.node.cli.NotificationSender.Kind;
import io.lanying.node.cli.NotificationSender.Sent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanying send}: notifications from a file, each followed to its fate. */
@Command(
        name = "send",
        description = "Send notifications from a file, one JSON object a line as POST /v1/notifications takes it, "
                + "and follow each to its fate. Sending a file again sends nothing twice.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every notification was accepted and has its fate",
            "1:some were refused, or nobody knows whether they were accepted",
            "3:all were accepted, some have no fate yet"
        },
        mixinStandardHelpOptions = true)
public final class SendCommand implements Callable<Integer> {

    private static final int STILL_PENDING = 3;
    private static final int REFUSALS_SHOWN = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE.ndjson", description = "The notifications.")
    private Path file = Path.of("");

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = "--concurrency",
            defaultValue = "16",
            description = "Devices sent to side by side. Default: ${DEFAULT-VALUE}")
    private int concurrency = 16;

    @Option(
            names = "--patience",
            defaultValue = "120",
            description = "Seconds one notification is repeated while there is no answer. Default: ${DEFAULT-VALUE}")
    private int patienceSeconds = 120;

    @Option(
            names = "--wait",
            defaultValue = "30",
            description = "Seconds to wait for fates once all are sent. Default: ${DEFAULT-VALUE}")
    private int waitSeconds = 30;

    @Override
    public Integer call() {
        if (concurrency < 1 || concurrency > 256) {
            throw new CommandFailed("--concurrency must be 1 to 256");
        }
        List<Line> lines = NotificationFile.read(file);
        Api api = server.api();
        PrintWriter out = spec.commandLine().getOut();
        List<Sent> sent = send(api, lines, out);
        List<Sent> failed =
                sent.stream().filter(one -> one.kind() != Kind.ACCEPTED).toList();
        failed.stream()
                .limit(REFUSALS_SHOWN)
                .forEach(one -> out.println("line " + one.line().number() + " "
                        + one.kind().name().toLowerCase(Locale.ROOT) + ": " + one.text()));
        Map<String, Integer> fates = follow(api, sent, out);
        out.println("sent " + lines.size() + ", accepted " + (sent.size() - failed.size()) + ", failed " + failed.size()
                + (fates.isEmpty() ? "" : "; fates: " + fates));
        if (!failed.isEmpty()) {
            return 1;
        }
        return fates.containsKey(FateFollower.PENDING) || fates.containsKey(FateFollower.UNKNOWN) ? STILL_PENDING : 0;
    }

    private List<Sent> send(Api api, List<Line> lines, PrintWriter out) {
        Progress progress = new Progress(out, lines.size());
        AtomicInteger answered = new AtomicInteger();
        List<Sent> sent = new NotificationSender(api, concurrency, Duration.ofSeconds(patienceSeconds))
                .send(lines, one -> {
                    int done = answered.incrementAndGet();
                    progress.show(done, "answered " + done + "/" + lines.size());
                });
        progress.end(sent.size(), "answered " + sent.size() + "/" + lines.size());
        return sent;
    }

    private Map<String, Integer> follow(Api api, List<Sent> sent, PrintWriter out) {
        List<String> followed = sent.stream()
                .filter(one -> one.kind() == Kind.ACCEPTED)
                .map(Sent::text)
                .distinct()
                .toList();
        if (followed.isEmpty()) {
            return Map.of();
        }
        Progress progress = new Progress(out, followed.size());
        AtomicInteger ended = new AtomicInteger();
        Map<String, Integer> fates = new FateFollower(api).follow(followed, Duration.ofSeconds(waitSeconds), done -> {
            ended.set(done);
            progress.show(done, "ended " + done + "/" + followed.size());
        });
        progress.end(ended.get(), "ended " + ended.get() + "/" + followed.size());
        return fates;
    }
}
