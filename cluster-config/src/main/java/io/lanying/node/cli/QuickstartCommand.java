package io.lanying.node.cli;

import io.lanying.node.cli.NotificationFile.Line;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lanying quickstart}: the main job, shown and checked on a node of its own, which it leaves running. */
@Command(
        name = "quickstart",
        description =
                "Start a node, make a tenant, a key and devices, send notifications, kill the node with kill -9 in the "
                        + "middle, start it again and check that nothing was lost. Leaves the node and a listening device running.",
        mixinStandardHelpOptions = true)
public final class QuickstartCommand implements Callable<Integer> {

    static final String NODE_FILE = "node.json";
    static final String LISTENER_FILE = "listener.json";
    private static final String OPERATOR_FILE = "operator.json";
    private static final String KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz234567";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--file",
            description = "The notifications. Default: cluster-config/src/quickstart/notifications.ndjson")
    private @Nullable Path file;

    @Override
    public Integer call() {
        LocalState state = LocalState.quickstart();
        refuseSecond(state);
        List<Line> lines = NotificationFile.read(notifications());
        String operatorKey = operatorKey(state);
        QuickstartNode node = new QuickstartNode(state, operatorKey);
        PrintWriter out = spec.commandLine().getOut();
        boolean told = false;
        try (QuickstartVendors vendors = new QuickstartVendors(out, state)) {
            QuickstartStory.Told end = new QuickstartStory(out, node, vendors, lines).tell(operatorKey);
            new QuickstartEnd(out, state).leave(end);
            told = true;
            return 0;
        } finally {
            if (!told) {
                node.giveUp();
            }
        }
    }

    private static void refuseSecond(LocalState state) {
        Optional<ProcessHandle> running = state.process(NODE_FILE);
        if (running.isPresent()) {
            String url = state.read(ServerOptions.CLIENT_FILE)
                    .map(json -> " at " + json.path("url").asText())
                    .orElse("");
            throw new CommandFailed("a quickstart runs already" + url + " (process "
                    + running.get().pid() + "): use it, or end it with lanying stop");
        }
        // A listener whose node was killed by somebody else.
        state.process(LISTENER_FILE).ifPresent(ProcessHandle::destroy);
    }

    private Path notifications() {
        if (file != null) {
            return file;
        }
        String module = System.getProperty("lanying.module");
        if (module == null) {
            throw new CommandFailed("which notifications? give --file");
        }
        return Path.of(module, "src", "quickstart", "notifications.ndjson");
    }

    /** Made once and kept for the quickstart's later runs, whose node has the same journal. */
    private static String operatorKey(LocalState state) {
        Optional<String> kept =
                state.read(OPERATOR_FILE).map(json -> json.path("key").asText());
        if (kept.isPresent()) {
            return kept.get();
        }
        SecureRandom random = new SecureRandom();
        StringBuilder key = new StringBuilder("ok_");
        for (int i = 0; i < 52; i++) {
            key.append(KEY_CHARACTERS.charAt(random.nextInt(KEY_CHARACTERS.length())));
        }
        state.write(OPERATOR_FILE, Json.object().put("key", key.toString()));
        return key.toString();
    }
}
