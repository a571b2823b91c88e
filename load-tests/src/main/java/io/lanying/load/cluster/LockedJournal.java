package io.lanying.load.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Somebody locks the journal's table, as a careless migration does: nobody can write or read an event, and all else works. */
final class LockedJournal implements Harm {

    private static final Duration LOCKED = Duration.ofSeconds(12);

    @Override
    public void strike(Scene scene) {
        try (Connection careless = scene.connect();
                Statement statement = careless.createStatement()) {
            careless.setAutoCommit(false);
            statement.execute("LOCK TABLE event_journal IN ACCESS EXCLUSIVE MODE");
            LockSupport.parkNanos(LOCKED.toNanos());
            careless.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        scene.struck();
    }

    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }

    @Override
    public void report(Scene scene) {
        scene.demandAnswers();
    }
}
