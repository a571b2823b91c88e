package io.lanying.node;

import io.lanying.node.cli.CommandFailed;
import io.lanying.node.cli.ListenCommand;
import io.lanying.node.cli.QuickstartCommand;
import io.lanying.node.cli.SendCommand;
import io.lanying.node.cli.SimulatorCommand;
import io.lanying.node.cli.StopCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bin/lanying}: exits 0 when the command did what it says, otherwise non-zero after one line on standard error. */
@Command(
        name = "lanying",
        description =
                "Lanying Push: push notifications and messages, self-hosted, with a journal that can be replayed.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NodeCommand.class,
            QuickstartCommand.class,
            StopCommand.class,
            ListenCommand.class,
            SendCommand.class,
            ClusterCommand.class,
            RegistryCommand.class,
            JournalCommand.class,
            SimulatorCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof StartRefused || failure instanceof CommandFailed) {
                command.getErr().println("lanying: " + failure.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
            throw failure;
        });
    }
}
