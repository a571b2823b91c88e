package io.lanying.load.cluster;

import io.lanying.load.rig.Rig;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;

/** The scene of one run, and what is measured there. */
final class Stage implements Scene {

    /** A start of three nodes on a busy machine, and what they need to agree. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    private final Rig rig;
    private final Watch watch;
    private final Site site;
    private final int nodes;
    private volatile long struckAt;
    private volatile double longestStop;
    private volatile double longestAnswer;

    Stage(Rig rig, Watch watch, Site site) {
        this.rig = rig;
        this.watch = watch;
        this.site = site;
        this.nodes = rig.nodes().places();
    }

    @Override
    public Rig rig() {
        return rig;
    }

    Watch watch() {
        return watch;
    }

    /** How long the slowest node took to end in order, in seconds; 0 if none was asked to. */
    double longestStop() {
        return longestStop;
    }

    /** The longest that {@link #awaitAnswered} saw, in seconds. */
    double longestAnswer() {
        return longestAnswer;
    }

    @Override
    public Networks networks() {
        return site.networks();
    }

    @Override
    public SlowWay wayToDatabase() {
        return site.wayToDatabase();
    }

    @Override
    public PostgresServer postgres() {
        return site.postgres();
    }

    @Override
    public Path databaseFiles() {
        return site.files().get(0);
    }

    @Override
    public Connection connect() {
        return site.connect();
    }

    /** Each in its turn: the oldest, which is the first seed, too. */
    @Override
    public int victim() {
        return (int) Math.floorMod(rig.seed() - 1, (long) nodes);
    }

    @Override
    public void rigKills(int place) {
        rig.kill(place);
    }

    @Override
    public void struck() {
        watch.mark();
        struckAt = System.nanoTime();
    }

    @Override
    public void awaitAnswered() {
        Rig.awaitUntil(
                LIMIT, "all are answered again", () -> watch.secondsToAnswer().isPresent());
        longestAnswer = Math.max(longestAnswer, watch.secondsToAnswer().orElseThrow());
    }

    @Override
    public void stopped(Duration took) {
        longestStop = Math.max(longestStop, took.toMillis() / 1e3);
    }

    @Override
    public long nanosSinceStrike() {
        return System.nanoTime() - struckAt;
    }
}
