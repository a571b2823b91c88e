package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lanying registry rebuild} as the operator gives it: rows that were lost or damaged are as before. */
class RegistryRebuildIT {

    private static final String DEVICES = "SELECT tenant, device_id, user_id, platform, alias, tags, locale, timezone,"
            + " app_version, registered_at_ms FROM device_registry WHERE NOT deleted ORDER BY tenant, device_id";
    private static final String DELETED =
            "SELECT tenant, device_id FROM device_registry WHERE deleted ORDER BY tenant, device_id";
    private static final String TAGS = "SELECT tenant, tag, device_id FROM device_tag ORDER BY tenant, tag, device_id";
    private static final String TENANTS =
            "SELECT tenant, name, created_at_ms FROM tenant_registry WHERE NOT deleted ORDER BY tenant";

    private static final String MEMBERS =
            "SELECT tenant, user_id, conversation_id FROM conversation_member WHERE NOT gone ORDER BY tenant, user_id";

    @TempDir
    Path directory;

    @Test
    void onH2WhileItsNodeIsStopped() throws Exception {
        var store = new StoreAccess("jdbc:h2:file:" + directory.resolve("lanying"), "lanying", "");
        Map<String, String> environment = Map.of("LANYING_DATA_DIR", directory.toString());
        try (Node node = NodeFixture.onH2(directory).start()) {
            live(node);
            CommandProcess.Ran refused = rebuild(environment);
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .singleElement()
                    .asString()
                    .startsWith("lanying: data directory " + directory)
                    .endsWith("on H2 stop it before the registry is rebuilt, then start it again");
        }
        lostAndDamagedRowsAreAsBefore(store, environment);
        Path nowhere = directory.resolve("nowhere");
        CommandProcess.Ran wrongDirectory = rebuild(Map.of("LANYING_DATA_DIR", nowhere.toString()));
        assertThat(wrongDirectory.exit()).isNotZero();
        assertThat(wrongDirectory.err()).singleElement().asString().startsWith("lanying: there is no data directory");
        assertThat(nowhere).doesNotExist();
        Path empty = Files.createDirectory(directory.resolve("empty"));
        CommandProcess.Ran noDatabase = rebuild(Map.of("LANYING_DATA_DIR", empty.toString()));
        assertThat(noDatabase.exit()).isNotZero();
        assertThat(noDatabase.err()).singleElement().asString().contains("not found");
        assertThat(empty.resolve("lanying.mv.db")).doesNotExist();
        aBrokenJournalIsToldOfAndLeftOut(store, environment);
    }

    @Test
    void onPostgresWhileNodesRun() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        var store = new StoreAccess(database.jdbcUrl(), database.user(), database.password());
        Map<String, String> environment = Map.of(
                "LANYING_JOURNAL", "postgres",
                "LANYING_JDBC_URL", database.jdbcUrl(),
                "LANYING_JDBC_USER", database.user(),
                "LANYING_JDBC_PASSWORD", database.password());
        try (Node node = NodeFixture.onPostgres(database, directory).start()) {
            Http acme = live(node);
            lostAndDamagedRowsAreAsBefore(store, environment);
            // The rebuilt rows are in nobody's way: the devices write theirs on.
            register(acme, "d1", "{\"userId\":\"u9\",\"platform\":\"web\",\"tags\":[\"new\"]}", 200);
            assertThat(acme.get("/v1/devices?tag=new").json().path("items")).hasSize(1);
            assertThat(acme.get("/v1/devices?tag=x").json().path("items")).hasSize(1);
            aBrokenJournalIsToldOfAndLeftOut(store, environment);
        }
    }

    /** Two tenants and a deleted one; devices that changed, moved, came back, or are gone, with events that no row shows. */
    private static Http live(Node node) {
        Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
        Http acme = operator.as(NodeIT.tenantWithKey(operator, "acme"));
        Http rival = operator.as(NodeIT.tenantWithKey(operator, "rival"));
        NodeIT.tenantWithKey(operator, "closed");
        assertThat(operator.delete("/v1/admin/tenants/closed").status()).isEqualTo(204);

        register(acme, "d1", "{\"platform\":\"ios\"}", 201);
        register(
                acme,
                "d1",
                "{\"userId\":\"u1\",\"platform\":\"ios\",\"alias\":\"one\",\"tags\":[\"x\",\"y\"],\"locale\":\"zh-CN\","
                        + "\"timezone\":\"Asia/Shanghai\",\"appVersion\":\"2\"}",
                200);
        register(acme, "d2", "{\"userId\":\"u1\",\"platform\":\"android\",\"tags\":[\"x\"]}", 201);
        register(acme, "gone", "{\"platform\":\"web\",\"tags\":[\"x\"]}", 201);
        assertThat(acme.delete("/v1/devices/gone").status()).isEqualTo(204);
        register(acme, "back", "{\"platform\":\"web\"}", 201);
        assertThat(acme.delete("/v1/devices/back").status()).isEqualTo(204);
        register(acme, "back", "{\"platform\":\"web\",\"alias\":\"again\"}", 201);
        register(rival, "d1", "{\"platform\":\"web\"}", 201);
        assertThat(acme.post(
                                "/v1/conversations",
                                "{\"conversationId\":\"team\",\"type\":\"group\",\"members\":[{\"userId\":\"u1\"},"
                                        + "{\"userId\":\"u2\"},{\"userId\":\"u3\"}]}",
                                "team")
                        .status())
                .isEqualTo(201);
        assertThat(acme.delete("/v1/conversations/team/members/u3").status()).isEqualTo(204);
        NodeIT.push(acme, "d1", "hello", "k1");
        NodeIT.push(acme, "d2", "hello", "k1");
        return acme;
    }

    private void lostAndDamagedRowsAreAsBefore(StoreAccess store, Map<String, String> environment) throws Exception {
        List<List<String>> before = registry(store);
        assertThat(before.get(0)).hasSize(4);
        assertThat(before.get(1)).containsExactly("acme,gone");

        store.execute("DELETE FROM device_registry WHERE tenant = 'rival' OR device_id IN ('d2', 'gone')");
        store.execute("DELETE FROM device_tag");
        store.execute("UPDATE device_registry SET alias = 'damaged', version = 1 WHERE device_id = 'd1'");
        store.execute("DELETE FROM tenant_registry WHERE tenant <> 'acme'");
        store.execute("DELETE FROM conversation_member WHERE user_id = 'u1'");
        store.execute("UPDATE conversation_member SET gone = FALSE WHERE user_id = 'u3'");
        CommandProcess.Ran ran = rebuild(environment);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).containsExactly("lanying: 9 entities, 8 rows written");
        assertThat(registry(store)).isEqualTo(before);
        assertThat(rebuild(environment).out()).containsExactly("lanying: 9 entities, 0 rows written");

        store.execute("DELETE FROM device_registry");
        store.execute("DELETE FROM device_tag");
        store.execute("DELETE FROM tenant_registry");
        store.execute("DELETE FROM conversation_member");
        assertThat(rebuild(environment).out()).containsExactly("lanying: 9 entities, 10 rows written");
        assertThat(registry(store)).isEqualTo(before);

        store.execute("UPDATE device_registry SET alias = 'newer', version = 1000 WHERE device_id = 'd2'");
        assertThat(rebuild(environment).out())
                .containsExactly("lanying: 9 entities, 0 rows written, newer and left as they are: 1");
        assertThat(store.rows("SELECT alias, version FROM device_registry WHERE device_id = 'd2'"))
                .containsExactly("newer,1000");
    }

    private void aBrokenJournalIsToldOfAndLeftOut(StoreAccess store, Map<String, String> environment) throws Exception {
        store.execute("UPDATE \"event_journal\" SET \"event_ser_manifest\" = 'io.lanying.protocol.NoSuchEvent'"
                + " WHERE \"persistence_id\" = 'Device|acme:d2' AND \"sequence_number\" = 1");
        store.execute("DELETE FROM device_registry WHERE tenant = 'rival'");
        CommandProcess.Ran ran = rebuild(environment);
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.out()).containsExactly("lanying: 9 entities, 1 rows written");
        assertThat(ran.err()).hasSize(2);
        assertThat(ran.err().get(0)).contains("event 1 of Device|acme:d2 cannot be decoded");
        assertThat(ran.err().get(1))
                .isEqualTo("lanying: entities that could not be read, whose rows are as they were: 1");
    }

    private static List<List<String>> registry(StoreAccess store) {
        return List.of(
                store.rows(DEVICES), store.rows(DELETED), store.rows(TAGS), store.rows(TENANTS), store.rows(MEMBERS));
    }

    private static void register(Http tenant, String device, String body, int status) {
        assertThat(tenant.put("/v1/devices/" + device, body).status()).isEqualTo(status);
    }

    private CommandProcess.Ran rebuild(Map<String, String> environment) throws IOException, InterruptedException {
        return CommandProcess.run(directory, environment, "registry", "rebuild");
    }
}
