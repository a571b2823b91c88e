package io.lanying.load.corpus;

import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.crash.Store;
import io.lanying.load.rig.Vendors;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a node of some build live for a while, and keeps what it wrote to its journal. Some four minutes. */
@Command(
        name = "corpus",
        mixinStandardHelpOptions = true,
        description = "Keeps the journal of a node's life for later builds to read.")
public final class Corpus implements Callable<Integer> {

    /** Snapshots and pages come sooner, so that a short life has them; what is in them is what it is. */
    private static final String SOONER = " -Dpush.tenant.snapshot-every=20 -Dpush.notification.page-size=1";

    @Parameters(paramLabel = "FILE", description = "Where the rows go.")
    private Path file = Path.of("");

    @Option(names = "--build", description = "The checkout whose node it is; default: this one.")
    private Optional<Path> build = Optional.empty();

    /** Makes a corpus. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Corpus()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("lanying-corpus-");
        Path script = build.map(checkout ->
                        checkout.resolve("cluster-config/bin/lanying").toAbsolutePath())
                .orElseGet(ServerProcess::script);
        try (PostgresServer postgres = PostgresServer.start();
                Vendors vendors = Vendors.start(directory.resolve("vendors"), 1, VendorSimulator.Kind.APNS)) {
            PostgresServer.Database database = postgres.newDatabase();
            ServerSettings settings = vendors.pointed(
                            Store.on(database, directory.resolve("node")).settings())
                    .by(script);
            Rows rows = new Rows(database);
            try (ServerProcess server = ServerProcess.start(settings.withJvmOptions(settings.jvmOptions() + SOONER))) {
                new Life(server.address(), rows, vendors.of(VendorSimulator.Kind.APNS)).run();
                server.stop();
            }
            rows.export(file, Life.CLEAR);
            rows.types().forEach((type, count) -> System.out.println(type + " " + count));
        }
        System.out.printf("corpus: %s, %d KiB%n", file, Files.size(file) / 1024);
        return 0;
    }
}
