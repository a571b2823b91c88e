package io.lanying.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.load.client.FreePorts;
import io.lanying.load.client.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Apple's place, taken by Pushy's server for benchmarks as a process of its own: it does as little as can be. */
final class AppleStandIn implements AutoCloseable {

    private static final String MAIN = "io.lanying.micro.apns.AppleStandIn";

    private final Path directory = Files.createTempDirectory("lanying-bench-");
    private final int port = FreePorts.next();
    private final MicroProgram program;

    /** Starts it. */
    AppleStandIn() throws IOException {
        program = MicroProgram.start(
                MAIN,
                MicroProgram.NODE_OPTIONS,
                Integer.toString(port),
                trust().toString(),
                credentialFile().toString());
        program.line("listening");
    }

    int port() {
        return port;
    }

    /** The file with the certificate to trust. */
    Path trust() {
        return directory.resolve("trust.pem");
    }

    private Path credentialFile() {
        return directory.resolve("credential.json");
    }

    /** What a tenant's channel is set up with. */
    JsonNode credential() throws IOException {
        return new ObjectMapper().readTree(credentialFile().toFile());
    }

    /** The node settings that lead to it. */
    ServerSettings pointed(ServerSettings settings) {
        return settings.with("LANYING_APNS_ENDPOINT", "localhost:" + port)
                .with("LANYING_APNS_TRUST", trust().toString());
    }

    CpuClock clock() {
        return CpuClock.ofTree(program.pid());
    }

    @Override
    public void close() throws IOException {
        program.close();
        Files.deleteIfExists(trust());
        Files.deleteIfExists(credentialFile());
        Files.delete(directory);
    }
}
