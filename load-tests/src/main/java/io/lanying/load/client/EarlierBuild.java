package io.lanying.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The server as it was at an earlier commit, built by {@code bin/build-of}; clusters are upgraded from it.
 *
 * @param checkout its sources with what was built of them
 */
public record EarlierBuild(Path checkout) {

    /** Lower than any release's: to a cluster every build of a snapshot version would be the same. */
    private static final String VERSION = " -Dakka.cluster.app-version=0.0.1";

    /** Builds that know no roles have entities in the role that later builds look for them in, if they are told so. */
    private static final String ROLES = " -Dakka.cluster.roles.0=entities -Dakka.cluster.sharding.role=entities"
            + " -Dakka.cluster.singleton.role=entities";

    /** The one that the run was given: the system property {@code earlier.build} says where it is. */
    public static Optional<EarlierBuild> given() {
        return Optional.of(System.getProperty("earlier.build", ""))
                .filter(path -> !path.isEmpty())
                .map(path -> new EarlierBuild(Path.of(path)));
    }

    /** The one that the run was given. */
    public static EarlierBuild required() {
        return given().orElseThrow(() -> new IllegalStateException("no earlier build: -Dearlier.build"));
    }

    public String commit() {
        return checkout.getFileName().toString();
    }

    /** The node by the earlier build. */
    public ServerSettings node(ServerSettings settings) {
        return settings.by(checkout.resolve("cluster-config/bin/lanying"))
                .withJvmOptions(settings.jvmOptions() + VERSION + (knowsRoles() ? "" : ROLES));
    }

    /** The same node by this build. */
    static ServerSettings upgraded(ServerSettings earlier) {
        return earlier.by(ServerProcess.script())
                .withJvmOptions(earlier.jvmOptions().replace(VERSION, "").replace(ROLES, ""));
    }

    private boolean knowsRoles() {
        try {
            return Files.readString(checkout.resolve("cluster-config/src/main/resources/cluster.conf"))
                    .contains("role = \"entities\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
