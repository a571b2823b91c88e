package io.lanying.load.cluster;

import io.lanying.load.client.Service;
import io.lanying.load.rig.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The disk that the journal's table is on is full for a while: nothing can be added to it, and what is there can be read. */
final class FullDisk implements Harm {

    private static final String TENANT = "reader";
    private static final String DEVICE = "read";
    private static final int MEBIBYTES = 32;
    private static final int READS = 40;
    private static final Duration PACE = Duration.ofMillis(500);

    private Optional<SmallDisk> disk = Optional.empty();
    private int readsFailed;

    @Override
    public boolean needsNamespaces() {
        return true;
    }

    @Override
    public void prepare(Scene scene) {
        Service service = scene.rig().tenant(TENANT).service();
        Rig.await(service.bind(DEVICE, "")).orThrow();
        Path files = scene.databaseFiles();
        SmallDisk small = SmallDisk.mount(files.resolveSibling("small"), MEBIBYTES, ownerOf(files));
        disk = Optional.of(small);
        execute(scene, "CREATE TABLESPACE small LOCATION '" + small.directory() + "'");
        execute(scene, "ALTER TABLE event_journal SET TABLESPACE small");
    }

    private static int ownerOf(Path files) {
        try {
            return (Integer) Files.getAttribute(files, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(Scene scene, String sql) {
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void strike(Scene scene) {
        Service service = scene.senderOf(TENANT).service();
        disk.orElseThrow().fill();
        for (int read = 0; read < READS; read++) {
            boolean answered = service.events(DEVICE, 0)
                    .handle((page, failure) -> failure == null)
                    .join();
            readsFailed += answered ? 0 : 1;
            LockSupport.parkNanos(PACE.toNanos());
        }
        disk.orElseThrow().free();
        scene.struck();
    }

    /** The journal goes back to where it was. */
    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
        execute(scene, "ALTER TABLE event_journal SET TABLESPACE pg_default");
        execute(scene, "DROP TABLESPACE small");
        disk.orElseThrow().close();
    }

    @Override
    public void report(Scene scene) {
        scene.figure("reads of a journal while its disk was full", READS);
        scene.figure("of these failed", readsFailed, 0);
        scene.demandAnswers();
    }
}
