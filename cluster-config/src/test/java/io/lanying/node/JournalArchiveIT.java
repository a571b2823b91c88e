package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lanying journal archive} as the operator gives it: audits say what they said before, and the device goes on. */
class JournalArchiveIT {

    private static final Map<String, String> LINES = Map.of("Content-Type", "application/x-ndjson");
    private static final int ACKNOWLEDGED = 400;
    private static final int OPEN = 200;

    @TempDir
    Path directory;

    private final List<String> notifications = new ArrayList<>();
    private Http tenant;
    private String tenantKey;
    private String token;
    private long firstOpen;

    @Test
    void onPostgresWhileTheNodeRuns() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        var store = new StoreAccess(database.jdbcUrl(), database.user(), database.password());
        Map<String, String> environment = new HashMap<>(Map.of(
                "LANYING_JOURNAL", "postgres",
                "LANYING_JDBC_URL", database.jdbcUrl(),
                "LANYING_JDBC_USER", database.user(),
                "LANYING_JDBC_PASSWORD", database.password()));
        Path objects = directory.resolve("objects");
        NodeFixture fixture = NodeFixture.onPostgres(database, directory)
                .with("push.persistence.attachments.directory", objects.toString());
        try (Node node = fixture.start()) {
            live(node);
            makeOld(store);
            List<String> before = audits();

            var refused = CommandProcess.run(directory, environment, "journal", "archive");
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.err()).singleElement().asString().contains("LANYING_ATTACHMENTS_DIR");
            environment.put("LANYING_ATTACHMENTS_DIR", objects.toString());
            var tooYoung = CommandProcess.run(directory, environment, "journal", "archive", "--older-than", "6d");
            assertThat(tooYoung.exit()).isNotZero();
            assertThat(tooYoung.err()).singleElement().asString().contains("older-than must be 7 to 3650 days");
            long all = hot(store);
            assertThat(all).isGreaterThan(ACKNOWLEDGED + OPEN);

            var ran = CommandProcess.run(directory, environment, "journal", "archive", "--older-than", "30d");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.exit()).isZero();
            assertThat(ran.out().get(ran.out().size() - 1))
                    .startsWith("lanying: " + (firstOpen - 1) + " events of 1 entities archived as ");
            // Registration and acknowledged items went; open ones, whose bodies are still to be sent, did not.
            assertThat(hot(store)).isEqualTo(all - firstOpen + 1);
            assertThat(audits()).isEqualTo(before);
            var rebuilt = CommandProcess.run(directory, environment, "registry", "rebuild");
            assertThat(rebuilt.err()).isEmpty();
            assertThat(rebuilt.out().get(rebuilt.out().size() - 1)).endsWith(" 0 rows written");
        }
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), tenantKey);
            goesOn();
            assertThat(audits().get(0)).contains("\"title\":\"title 1\"");
            damagedIsSaid(objects);
            assertThat(tenant.delete("/v1/users/ada").status()).isEqualTo(204);
            String erased = lines();
            assertThat(erased).doesNotContain("\"title\"").contains("{\"erased\":true}");
            assertThat(erased.lines().count()).isGreaterThan(ACKNOWLEDGED + OPEN);
        }
    }

    @Test
    void onH2WhileTheNodeIsStopped() throws Exception {
        var store = new StoreAccess("jdbc:h2:file:" + directory.resolve("lanying"), "lanying", "");
        Map<String, String> environment = Map.of("LANYING_DATA_DIR", directory.toString());
        List<String> before;
        NodeFixture fixture = NodeFixture.onH2(directory);
        try (Node node = fixture.start()) {
            live(node);
            before = audits();
            var refused = CommandProcess.run(directory, environment, "journal", "archive");
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.err()).singleElement().asString().contains("stop it before the journal is archived");
        }
        makeOld(store);
        long all = hot(store);
        var foreseen = CommandProcess.run(directory, environment, "journal", "archive", "--dry-run");
        assertThat(foreseen.err()).isEmpty();
        assertThat(foreseen.out().get(foreseen.out().size() - 1))
                .startsWith("lanying: " + (firstOpen - 1) + " events of 1 entities would be archived as ");
        assertThat(hot(store)).isEqualTo(all);
        var ran = CommandProcess.run(directory, environment, "journal", "archive");
        assertThat(ran.err()).isEmpty();
        assertThat(hot(store)).isEqualTo(all - firstOpen + 1);
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), tenantKey);
            assertThat(audits()).isEqualTo(before);
            goesOn();
        }
    }

    /** A device with acknowledged items, then open ones. */
    private void live(Node node) {
        tenantKey = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
        tenant = new Http(node.url(), tenantKey);
        assertThat(tenant.put("/v1/devices/phone", "{\"userId\":\"ada\",\"platform\":\"other\"}")
                        .status())
                .isEqualTo(201);
        token = NodeIT.sessionToken(tenant, "phone");
        push(1, ACKNOWLEDGED);
        long acked = 0;
        while (acked < ACKNOWLEDGED) {
            JsonNode inbox = tenant.as(token).get("/v1/device/inbox").json();
            JsonNode items = inbox.path("items");
            acked = items.path(items.size() - 1).path("itemSeq").asLong();
            assertThat(tenant.as(token)
                            .post(
                                    "/v1/device/acks",
                                    "{\"streamId\":\"" + inbox.path("streamId").asText() + "\",\"itemSeq\":" + acked
                                            + "}")
                            .status())
                    .isEqualTo(200);
        }
        push(ACKNOWLEDGED + 1, ACKNOWLEDGED + OPEN);
        firstOpen = lines().lines()
                .filter(line -> line.contains("\"title " + (ACKNOWLEDGED + 1) + "\""))
                .map(line -> Long.parseLong(line.replaceFirst(".*\"eventSeq\":([0-9]+).*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    private void push(int from, int to) {
        var body = new StringBuilder();
        IntStream.rangeClosed(from, to)
                .forEach(i -> body.append("{\"idempotencyKey\":\"k" + i
                        + "\",\"audience\":{\"devices\":[\"phone\"]},\"message\":{\"title\":\"title " + i + "\"}}\n"));
        Http.Answer answer = tenant.call("POST", "/v1/notifications/batch", body.toString(), LINES);
        assertThat(answer.status()).isEqualTo(200);
        answer.text().lines().forEach(line -> {
            assertThat(line).contains("\"status\":202");
            notifications.add(line.replaceFirst(".*\"notificationId\":\"([^\"]+)\".*", "$1"));
        });
    }

    /** As if 40 days had passed since. */
    private static void makeOld(StoreAccess store) {
        store.execute("UPDATE \"event_journal\" SET \"write_timestamp\" = \"write_timestamp\" - 3456000000"
                + " WHERE \"persistence_id\" LIKE 'Device|%'");
    }

    private static long hot(StoreAccess store) {
        return Long.parseLong(
                store.rows("SELECT COUNT(*) FROM \"event_journal\" WHERE \"persistence_id\" = 'Device|acme:phone'")
                        .get(0));
    }

    private String lines() {
        Http.Answer all =
                tenant.call("GET", "/v1/journal/devices/phone/events", null, Map.of("Accept", "application/x-ndjson"));
        assertThat(all.status()).isEqualTo(200);
        return all.text();
    }

    /** What every audit call says. */
    private List<String> audits() {
        var said = new ArrayList<String>();
        said.add(lines());
        String events = "/v1/journal/devices/phone/events";
        String state = "/v1/journal/devices/phone/state";
        String why = "/devices/phone/why";
        for (String path : List.of(
                events + "?limit=3",
                events + "?afterSeq=" + (ACKNOWLEDGED - 3) + "&limit=20",
                state + "?asOfSeq=1",
                state + "?asOfSeq=250",
                state + "?asOfSeq=" + (ACKNOWLEDGED + 1),
                state + "?asOfSeq=550",
                state,
                "/v1/notifications/" + notifications.get(0) + why,
                "/v1/notifications/" + notifications.get(ACKNOWLEDGED - 1) + why,
                "/v1/notifications/" + notifications.get(ACKNOWLEDGED) + why)) {
            Http.Answer answer = tenant.get(path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            said.add(answer.text());
        }
        return said;
    }

    /** What was open is still there, with its body, and the next push gets the next number. */
    private void goesOn() {
        Http app = tenant.as(token);
        JsonNode first = app.get("/v1/device/inbox").json().path("items").path(0);
        assertThat(first.path("itemSeq").asLong()).isEqualTo(ACKNOWLEDGED + 1);
        assertThat(first.at("/body/title").asText()).isEqualTo("title " + (ACKNOWLEDGED + 1));
        int last = ACKNOWLEDGED + OPEN;
        NodeIT.push(tenant, "phone", "next", "next");
        JsonNode next =
                app.get("/v1/device/inbox?after=" + last).json().path("items").path(0);
        assertThat(next.path("itemSeq").asLong()).isEqualTo(last + 1);
        assertThat(next.at("/body/title").asText()).isEqualTo("next");
        // Acknowledged long ago, and still to be had again.
        JsonNode old = app.get("/v1/device/inbox?after=1").json().path("items").path(0);
        assertThat(old.path("itemSeq").asLong()).isEqualTo(2);
        assertThat(old.at("/body/title").asText()).isEqualTo("title 2");
        assertThat(old.path("repeat").asBoolean()).isTrue();
    }

    private void damagedIsSaid(Path objects) throws Exception {
        Path object;
        try (var files = Files.walk(objects.resolve("journal"))) {
            object = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] content = Files.readAllBytes(object);
        byte[] damaged = content.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(object, damaged);
        assertThat(tenant.get("/v1/journal/devices/phone/events").status()).isEqualTo(503);
        Files.write(object, content);
        assertThat(tenant.get("/v1/journal/devices/phone/events").status()).isEqualTo(200);
    }
}
