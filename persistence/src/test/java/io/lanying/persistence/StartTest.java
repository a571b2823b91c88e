package io.lanying.persistence;

import static io.lanying.persistence.TestNode.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartTest {

    private static final String URL = "akka-persistence-jdbc.shared-databases.slick.db.url = ";

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource(Store.class)
    void aFreshDatabaseIsMigratedOnceAndOpensAgain(Store store) {
        Config config = store.fresh();
        for (int start = 0; start < 2; start++) {
            try (TestNode node = TestNode.start(config)) {
                assertThat(node.number("SELECT COUNT(*) FROM \"flyway_schema_history\" WHERE \"success\" = TRUE"
                                + " AND \"version\" IS NOT NULL"))
                        .isEqualTo(6);
                assertThat(await(node.persistence.writable())).isTrue();
            }
        }
        TestNode.remove(config);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void secretsAreSharedAndTheFirstOneCounts(Store store) {
        Config config = store.fresh();
        try (TestNode node = TestNode.start(config)) {
            NodeSecrets secrets = node.persistence.secrets();
            assertThat(await(secrets.get("k"))).isEmpty();
            List<String> answers =
                    IntStream.range(0, 10).mapToObj(i -> secrets.putIfAbsent("k", "v" + i)).toList().stream()
                            .map(stage -> await(stage))
                            .distinct()
                            .toList();
            assertThat(answers).hasSize(1);
            assertThat(await(secrets.get("k"))).contains(answers.get(0));
            await(secrets.put("k", "other"));
            assertThat(await(secrets.get("k"))).contains("other");
        }
        TestNode.remove(config);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aCommandMakesNeitherDatabaseNorSchema(Store store) {
        Config config = store.fresh();
        String why = store == Store.H2 ? "not found" : "start a node of this version first";
        assertThatThrownBy(() -> maintain(config))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> maintain(config))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(why);
        TestNode.start(config).close();
        maintain(config);
        TestNode.remove(config);
    }

    private static void maintain(Config store) {
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "command", Maintenance.settings(ConfigFactory.load(store)));
        try {
            Maintenance.open(system);
        } finally {
            system.terminate();
            await(system.getWhenTerminated());
        }
    }

    @Test
    void nodesMayStartOnAnEmptyDatabaseTogether() {
        Config config = Store.POSTGRESQL.fresh();
        List<TestNode> nodes = IntStream.range(0, 3)
                .parallel()
                .mapToObj(i -> TestNode.start(config))
                .toList();
        nodes.forEach(node -> assertThat(await(node.persistence.writable())).isTrue());
        nodes.forEach(TestNode::close);
    }

    @Test
    void h2WithoutWriteDelayZeroIsRefused() {
        refused(StoreConfigs.h2(dir), URL + "\"jdbc:h2:file:" + dir + "/x;DB_CLOSE_ON_EXIT=FALSE\"", "WRITE_DELAY=0");
        refused(StoreConfigs.h2(dir), URL + "\"jdbc:h2:file:" + dir + "/x;WRITE_DELAY=01\"", "WRITE_DELAY=0");
        refused(StoreConfigs.h2(dir), URL + "\"jdbc:h2:mem:x;WRITE_DELAY=0\"", "jdbc:h2:file:");
        refused(StoreConfigs.h2(dir), URL + "\"jdbc:h2:file:data/x;WRITE_DELAY=0\"", "absolute or start with ./");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void settingsThatDoNotFitAreRefusedInOneLine() {
        refused(ConfigFactory.empty(), "", "set LANYING_JOURNAL");
        refused(StoreConfigs.h2(dir), URL + "\"jdbc:postgresql://127.0.0.1/x\"", "must name the same database");
        refused(ConfigFactory.parseResources("persistence-postgres.conf"), "", "LANYING_JDBC_URL is not set");
        refused(StoreConfigs.h2(dir), "push.persistence.own-connections = 0", "own-connections is 0");
        refused(StoreConfigs.h2(dir), "push.persistence.lease = on", "a database that nodes share");
        refused(
                Store.POSTGRESQL.fresh(),
                "push.persistence { lease = on, shard-lease.heartbeat-interval = 4s }",
                "at least three times heartbeat-interval");
        refused(
                Store.POSTGRESQL.fresh(),
                URL + "\"jdbc:postgresql://127.0.0.1:1/x\"",
                "127.0.0.1:1/x cannot be opened");
        refused(Store.POSTGRESQL.fresh(), URL + "\"jdbc:postgresql:\"", "opened");
        refused(StoreConfigs.h2(Path.of("/proc/nowhere")), "", "cannot be made");
    }

    @Test
    void postgresThatLosesCommitsIsRefused() {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        String name = database.jdbcUrl().replaceAll(".*/", "");
        PostgresServer.shared().execute("ALTER DATABASE " + name + " SET synchronous_commit = off");
        refused(StoreConfigs.postgres(database), "", "synchronous_commit = off");
    }

    @Test
    void h2MakesItsMasterKeyOnceForItsOwnerOnly() throws IOException {
        TestNode.start(StoreConfigs.h2(dir)).close();
        Path file = dir.resolve("master.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
        String made = Files.readString(file);
        TestNode.start(StoreConfigs.h2(dir)).close();
        assertThat(file).hasContent(made);

        Files.delete(file);
        refused(StoreConfigs.h2(dir), "", "master.key is gone");
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aWrongMasterKeyIsRefused(Store store) {
        Config config = store.fresh();
        TestNode.start(config).close();
        String other = Base64.getEncoder().encodeToString("12345678901234567890123456789012".getBytes(US_ASCII));
        refused(config, "push.persistence.master-key = \"" + other + "\"", "not the one this database");
        refused(config, "push.persistence.master-key = \"c2hvcnQ=\"", "5 bytes, not 32");
        refused(config, "push.persistence.master-key = \"no base64!\"", "not Base64");
        TestNode.remove(config);
    }

    @Test
    void postgresNeedsAMasterKey() {
        refused(Store.POSTGRESQL.fresh(), "push.persistence.master-key = \"\"", "LANYING_MASTER_KEY is not set");
    }

    private static void refused(Config store, String more, String why) {
        assertThatThrownBy(() ->
                        TestNode.start(store, TestNode.GIVE_UP_SOON + more).close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("\n");
    }
}
