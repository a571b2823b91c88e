package io.lanying.node.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanying stop}: ends the node and the device that quickstart left running, and nothing else. */
@Command(
        name = "stop",
        description = "Stop the node and the listening device that quickstart left running.",
        mixinStandardHelpOptions = true)
public final class StopCommand implements Callable<Integer> {

    private static final long GRACE_SECONDS = 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        LocalState state = LocalState.quickstart();
        PrintWriter out = spec.commandLine().getOut();
        boolean listener = stop(state, QuickstartCommand.LISTENER_FILE, "listening device", out);
        boolean node = stop(state, QuickstartCommand.NODE_FILE, "node", out);
        if (!listener && !node) {
            out.println("lanying: no quickstart runs");
        }
        return 0;
    }

    private static boolean stop(LocalState state, String file, String what, PrintWriter out) {
        Optional<ProcessHandle> running = state.process(file);
        running.ifPresent(process -> end(process, what, out));
        state.remove(file);
        return running.isPresent();
    }

    private static void end(ProcessHandle process, String what, PrintWriter out) {
        process.destroy();
        try {
            process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
            out.println("lanying: stopped the " + what + " (process " + process.pid() + ")");
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new CommandFailed(
                    "the " + what + " (process " + process.pid() + ") did not stop within " + GRACE_SECONDS
                            + " s and was killed",
                    e);
        } catch (ExecutionException e) {
            throw new CommandFailed("cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }
}
