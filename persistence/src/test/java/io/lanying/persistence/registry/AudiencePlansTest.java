package io.lanying.persistence.registry;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.persistence.Store;
import io.lanying.persistence.TestNode;
import io.lanying.protocol.notification.Audience;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How PostgreSQL finds audiences; H2 says too little about its plans. */
class AudiencePlansTest {

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start(Store.POSTGRESQL.fresh());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** With 100,000 devices: what a page reads does not grow with the tenant. */
    @Test
    void noPageOnPostgresScansATable() {
        node.execute("INSERT INTO device_registry (tenant, device_id, user_id, platform, alias, tags, registered_at_ms,"
                + " version, deleted) SELECT 'big', 'd' || i, 'u' || (i / 2), 'ios', 'a' || (i % 1000), ARRAY['all', 't'"
                + " || (i % 100)], 1, 1, FALSE FROM generate_series(1, 100000) i");
        node.execute("INSERT INTO device_tag (tenant, tag, device_id) SELECT tenant, unnest(tags), device_id"
                + " FROM device_registry WHERE tenant = 'big'");
        node.execute("ANALYZE device_registry");
        node.execute("ANALYZE device_tag");
        var users = IntStream.range(0, 50).mapToObj(i -> "u" + i * 7).toList();
        var tags = IntStream.range(0, 100).mapToObj(i -> "t" + i).toList();

        for (AudienceSql sql : List.of(
                AudienceSql.everyone("big", "d5", 501),
                AudienceSql.listed(
                        "big", IntStream.range(0, 500).mapToObj(i -> "d" + i).toList()),
                AudienceSql.ofUsers("big", users, "d5", 501),
                AudienceSql.withAliases("big", List.of("a1", "a2"), "", 501),
                AudienceSql.withTags("big", List.of("all"), "d5", 501),
                AudienceSql.withTags("big", tags, "d5", 501))) {
            var plan = Jdbi.create(node.persistence.pool())
                    .registerArrayType(String.class, "varchar")
                    .withHandle(handle -> sql.on(handle, "EXPLAIN (ANALYZE) ")
                            .mapTo(String.class)
                            .list());
            assertThat(String.join("\n", plan)).doesNotContain("Seq Scan").contains("Index");
        }
        assertThat(pages(Audience.tags(List.of("t7", "t8"), List.of("all"), List.of("t7"))))
                .isEqualTo(1_000);
    }

    private int pages(Audience audience) {
        int devices = 0;
        Optional<String> after = Optional.empty();
        do {
            var page = await(node.persistence.audiences().page("big", audience, Instant.now(), after, 500));
            devices += page.devices().size();
            after = page.next();
        } while (after.isPresent());
        return devices;
    }
}
