package io.lanying.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.node.cli.NotificationFile.Line;
import io.lanying.node.cli.NotificationSender.Kind;
import io.lanying.node.cli.NotificationSender.Sent;
import io.lanying.node.cli.QuickstartStory.Told;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Leaves the node and a listening device running and says how to go on. */
final class QuickstartEnd {

    private static final String KEY_FILE = "api-key";

    private final PrintWriter out;
    private final LocalState state;

    QuickstartEnd(PrintWriter out, LocalState state) {
        this.out = out;
        this.state = state;
    }

    void leave(Told told) {
        Api api = told.tenant().api();
        state.write(
                ServerOptions.CLIENT_FILE,
                Json.object()
                        .put("url", api.base().toString())
                        .put("key", told.tenant().key()));
        state.writeText(KEY_FILE, told.tenant().key());
        Path log = listen(api, told);
        sendOne(api, told.listener());
        out.println();
        out.println("A node runs at " + api.base() + " and the device " + told.listener()
                + " listens; its items are in " + shown(log) + ". Send it something:");
        out.println();
        out.println("  curl -i " + api.base() + "/v1/notifications \\");
        out.println("    -H \"Authorization: Bearer " + told.tenant().key() + "\" \\");
        out.println("    -H \"Content-Type: application/json\" -H \"Idempotency-Key: $(date +%s%N)\" \\");
        out.println("    -d '{\"audience\":{\"devices\":[\"" + told.listener()
                + "\"]},\"message\":{\"title\":\"Hello\",\"body\":\"from curl\"}}'");
        out.println();
        out.println("The key is also in " + shown(state.path(KEY_FILE))
                + ". End both with: cluster-config/bin/lanying stop");
        out.flush();
    }

    private Path listen(Api api, Told told) {
        String device = told.listener();
        Path log = state.path("listen-" + device + ".log");
        NodeProcess listener = NodeProcess.start(
                List.of("listen", "--device", device),
                Map.of(
                        "LANYING_URL",
                        api.base().toString(),
                        "LANYING_KEY",
                        told.tenant().key()),
                log,
                log,
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        state.writeProcess(QuickstartCommand.LISTENER_FILE, listener.handle());
        return log;
    }

    /** Proves that the device that is left behind does listen. */
    private void sendOne(Api api, String device) {
        String notification = "{\"audience\":{\"devices\":[\"" + device
                + "\"]},\"message\":{\"title\":\"Quickstart\",\"body\":\"This device listens.\"}}";
        Line line = new Line(1, "quickstart-end", (ObjectNode) Json.parse(notification));
        Sent sent = new NotificationSender(api, 1, Duration.ofSeconds(30))
                .send(List.of(line), one -> {})
                .get(0);
        if (sent.kind() != Kind.ACCEPTED) {
            throw new CommandFailed("mismatch: the last notification was not accepted: " + sent.text());
        }
        Map<String, Integer> fates =
                new FateFollower(api).follow(List.of(sent.text()), Duration.ofSeconds(60), done -> {});
        if (!fates.containsKey("acknowledged")) {
            throw new CommandFailed("mismatch: the device that is left listening did not acknowledge: " + fates);
        }
    }

    /** As short as it can be typed from here. */
    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
