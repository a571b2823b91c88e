package io.lanying.node;

import picocli.CommandLine.Command;

/** {@code lanying registry}: the list of devices and tenants, which lists and audiences are read from. */
@Command(
        name = "registry",
        description = "Look after the registry of devices and tenants.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = RegistryRebuildCommand.class)
final class RegistryCommand {}
