package io.lanying.node;

import picocli.CommandLine.Command;

/** {@code lanying journal}: the store of the journal. */
@Command(
        name = "journal",
        description = "Look after the store of the journal.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            JournalTablesCommand.class,
            JournalMigrateCommand.class,
            JournalBranchesCommand.class,
            JournalDiscardCommand.class,
            JournalArchiveCommand.class
        })
final class JournalCommand {}
