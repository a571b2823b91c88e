package io.lanying.load.cluster;

import io.lanying.load.client.ServerSettings;
import io.lanying.load.crash.Store;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the nodes of a run stand on: a PostgreSQL with an empty database, and what is between it and them. Closing takes it away. */
final class Site implements AutoCloseable {

    private static final String URL = "LANYING_JDBC_URL";

    private final PostgresServer postgres;
    private final PostgresServer.Database database;
    private final Optional<Networks> networks;
    private final Optional<SlowWay> wayToDatabase;
    private final List<ServerSettings> settings;
    private final List<Path> files;

    private Site(Harm harm, int nodes, long seed, Path workDir, PostgresServer postgres) {
        this.postgres = postgres;
        this.database = postgres.newDatabase();
        Store.Prepared store = Store.on(database, workDir.resolve("node"));
        this.files = store.files();
        List<ServerSettings> shipped =
                ServerSettings.cluster(harm.builds().first(harm.settings(store.settings())), nodes, workDir);
        this.networks = harm.between() == Harm.Between.NETWORKS ? Optional.of(Networks.make(nodes)) : Optional.empty();
        this.wayToDatabase = harm.between() == Harm.Between.SLOW_WAY
                ? Optional.of(new SlowWay(postgres.port(), seed))
                : Optional.empty();
        networks.ifPresent(made -> postgres.listenAt(made.gateway()));
        this.settings = networks.map(made -> on(made, shipped))
                .or(() -> wayToDatabase.map(made -> by(made, shipped)))
                .orElse(shipped);
    }

    /** @param workDir holds a directory for each node */
    static Site make(Harm harm, int nodes, long seed, Path workDir) {
        PostgresServer postgres = PostgresServer.start();
        try {
            return new Site(harm, nodes, seed, workDir, postgres);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** Each node in its network, and the database where all of them reach it. */
    private static List<ServerSettings> on(Networks networks, List<ServerSettings> nodes) {
        List<ServerSettings> there = new ArrayList<>();
        for (int place = 0; place < nodes.size(); place++) {
            ServerSettings node = nodes.get(place);
            there.add(node.with(URL, url(node).replace("127.0.0.1", networks.gateway()))
                    .at(networks.host(place), networks.launcher(place)));
        }
        return ServerSettings.seedsOfEachOther(there);
    }

    private List<ServerSettings> by(SlowWay way, List<ServerSettings> nodes) {
        return nodes.stream()
                .map(node -> node.with(URL, url(node).replace(":" + postgres.port() + "/", ":" + way.port() + "/")))
                .toList();
    }

    private static String url(ServerSettings node) {
        return node.environment().getOrDefault(URL, "");
    }

    /** Of the nodes that are to be started. */
    List<ServerSettings> settings() {
        return settings;
    }

    /** Where the database keeps its files. */
    List<Path> files() {
        return files;
    }

    PostgresServer postgres() {
        return postgres;
    }

    Networks networks() {
        return networks.orElseThrow();
    }

    SlowWay wayToDatabase() {
        return wayToDatabase.orElseThrow();
    }

    /** A session of its own, by no detour. */
    Connection connect() {
        try {
            return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        networks.ifPresent(Networks::close);
        wayToDatabase.ifPresent(SlowWay::close);
        postgres.close();
    }
}
