package io.lanying.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanying cluster down}: a node that is known to be dead is written off now. */
@Command(
        name = "down",
        description = "Write off a node that is known to be dead, without waiting for the majority's decision. "
                + "Refused while it is reachable.",
        mixinStandardHelpOptions = true)
public final class ClusterDownCommand implements Callable<Integer> {

    @Mixin
    private ManagementOptions management = new ManagementOptions();

    @Parameters(paramLabel = "HOST:PORT", description = "The node, as `lanying cluster status` shows it.")
    private String address = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        management.tell(address, "down");
        spec.commandLine().getOut().println(address + " is written off: others take over what it had");
        return 0;
    }
}
