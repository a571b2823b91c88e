package io.lanying.node.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The quickstart's node process and listening device, remembered in files so that {@code stop} finds them. */
final class QuickstartNode {

    private final LocalState state;
    private final String operatorKey;
    private @Nullable NodeProcess process;

    QuickstartNode(LocalState state, String operatorKey) {
        this.state = state;
        this.operatorKey = operatorKey;
    }

    /** Starts the node; returns its URL once it serves. */
    String start() {
        return start(Map.of());
    }

    /** The same with more of an environment. */
    String start(Map<String, String> more) {
        // One node on H2 in a directory of its own, whatever else the environment says of stores and seeds.
        Map<String, String> environment = new HashMap<>(more);
        environment.put("LANYING_JOURNAL", "h2");
        environment.put("LANYING_SEED_NODES", "");
        environment.put("LANYING_DATA_DIR", state.path("node").toString());
        environment.put("LANYING_OPERATOR_KEY", operatorKey);
        NodeProcess started = NodeProcess.node(state, environment);
        process = started;
        state.writeProcess(QuickstartCommand.NODE_FILE, started.handle());
        return started.url(state);
    }

    /** {@code kill -9}; returns the process id. */
    long kill() {
        NodeProcess running = running();
        running.kill();
        if (running.exitStatus() != 137) {
            throw new CommandFailed(
                    "the node ended with status " + running.exitStatus() + " before it could be killed");
        }
        return running.handle().pid();
    }

    long pid() {
        return running().handle().pid();
    }

    /** Ends the node after a failure, so that nothing is left behind. */
    void giveUp() {
        NodeProcess running = process;
        if (running != null) {
            running.kill();
        }
        state.remove(QuickstartCommand.NODE_FILE);
    }

    private NodeProcess running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }
}
