package io.lanying.load.cluster;

import io.lanying.load.client.Nodes;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What a {@link Harm} works on. */
interface Scene {

    /** How long a node may take to find out that it was removed, or has to be. */
    Duration FOUND_OUT = Duration.ofSeconds(60);

    /** Clients, nodes and the record of all that they do. */
    Rig rig();

    PostgresServer postgres();

    /** Where the database keeps its files. */
    Path databaseFiles();

    /** A session of our own in the nodes' database, beside theirs. */
    Connection connect();

    /** @throws java.util.NoSuchElementException if the harm did not say that it needs {@link Harm.Between#NETWORKS} */
    Networks networks();

    /** @throws java.util.NoSuchElementException if the harm did not say that it needs a {@link Harm.Between#SLOW_WAY} */
    SlowWay wayToDatabase();

    /** The place of the node that it happens to. */
    int victim();

    /** Kills a node, and has it recorded. */
    void rigKills(int place);

    /** What is measured is measured from now on, not from the beginning of the strike. */
    void struck();

    /**
     * Returns when every watched device has answered a command that was begun after the last {@link #struck}; the longest such time of
     * a run is what it reports.
     */
    void awaitAnswered();

    /** A node took so long to end in order. */
    void stopped(Duration took);

    long nanosSinceStrike();

    default Nodes nodes() {
        return rig().nodes();
    }

    default long seed() {
        return rig().seed();
    }

    /** Of a tenant that the harm made. */
    default Sender senderOf(String tenant) {
        return rig().senders().stream()
                .filter(sender -> sender.service().tenant().equals(tenant))
                .findFirst()
                .orElseThrow();
    }

    /** All of them, those whose nodes ended included. */
    default List<Integer> places() {
        return IntStream.range(0, nodes().places()).boxed().toList();
    }

    /** It has found out that it was removed, or has to be; a supervisor may start it again. */
    default void endsByItself(int place) {
        int exitCode = nodes().at(place).awaitEnded(FOUND_OUT);
        if (exitCode == 0) {
            throw new IllegalStateException("a node that was removed ended as if it had been asked to");
        }
        rig().recorder().add(new HistoryEvent.Restarted());
    }

    /** @throws IllegalStateException if a node has ended: what happened must not end anybody */
    default void demandAllAlive() {
        for (int place : places()) {
            if (!nodes().at(place).alive()) {
                throw new IllegalStateException("node " + place + " ended");
            }
        }
    }

    /** What a run is to report besides times. */
    default void figure(String what, long value) {
        figure(what, value, Long.MAX_VALUE);
    }

    /** The same; more than the limit is a violation. */
    default void figure(String what, long value, long limit) {
        rig().recorder().add(new HistoryEvent.Measured(what, value, limit));
    }

    /** All nodes are there, so whatever cannot be done is told, in time. */
    default void demandAnswers() {
        long silences =
                rig().recorder().history().all(HistoryEvent.Unknown.class).count();
        figure("commands without an answer", silences, 0);
    }

    /** Works on several places at the same time; returns when all is done. */
    static void atOnce(List<Integer> places, IntConsumer work) {
        CompletableFuture.allOf(places.stream()
                        .map(place -> CompletableFuture.runAsync(() -> work.accept(place)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
