package io.lanying.persistence.registry;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.registry.AudienceRegistry;
import io.lanying.protocol.registry.DeviceRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@ForEachStore
class AudienceRegistryTest extends StoreTest {

    private static final Instant AT = Instant.parse("2026-11-20T10:00:00.123Z");

    @Test
    void everyKindFindsItsDevicesInPagesOfAnySize() {
        write("kinds", "d1", "u1", "a1", "x", "y");
        write("kinds", "d2", "u1", "a2", "x");
        write("kinds", "d3", "u2", "a1", "y", "z");
        write("kinds", "d4", null, null);
        write("other", "d1", "u1", "a1", "x", "y", "z");
        write("other", "d5", "u1", "a1", "x", "y", "z");

        assertThat(found("kinds", Audience.devices(List.of("d1", "d3", "d5", "nobody"))))
                .containsExactly("d1", "d3");
        assertThat(found("kinds", Audience.users(List.of("u1", "u2", "u9")))).containsExactly("d1", "d2", "d3");
        assertThat(found("kinds", Audience.users(List.of("u2")))).containsExactly("d3");
        assertThat(found("kinds", Audience.aliases(List.of("a1")))).containsExactly("d1", "d3");
        assertThat(found("kinds", Audience.everyone())).containsExactly("d1", "d2", "d3", "d4");
        assertThat(found("kinds", tags("x z", "", ""))).containsExactly("d1", "d2", "d3");
        assertThat(found("kinds", tags("x z", "y", ""))).containsExactly("d1", "d3");
        assertThat(found("kinds", tags("x z", "", "y"))).containsExactly("d2");
        assertThat(found("kinds", tags("", "x y", ""))).containsExactly("d1");
        assertThat(found("kinds", tags("", "y", "z"))).containsExactly("d1");
        assertThat(found("kinds", tags("", "", "x"))).containsExactly("d3", "d4");
        assertThat(found("kinds", tags("nothing", "", ""))).isEmpty();
        assertThat(found("kinds", tags("", "", ""))).isEmpty();
    }

    @Test
    void aDeviceComesWithWhatItWasFoundBy() {
        write("labels", "d1", "u1", "a1", "x");
        assertThat(page("labels", Audience.users(List.of("u0", "u1"))))
                .containsExactly(new Addressee("d1", Optional.of("u1")));
        assertThat(page("labels", Audience.aliases(List.of("a1"))))
                .containsExactly(new Addressee("d1", Optional.of("a1")));
        assertThat(page("labels", Audience.devices(List.of("d1"))))
                .containsExactly(new Addressee("d1", Optional.of("u1")));
        assertThat(page("labels", tags("x", "", ""))).containsExactly(new Addressee("d1", Optional.empty()));
    }

    private List<Addressee> page(String tenant, Audience audience) {
        return await(audiences().page(tenant, audience, AT, Optional.empty(), 10))
                .devices();
    }

    @Test
    void whoRegisteredLaterOrIsDeletedDoesNotBelong() {
        write("times", "d1", "u1", "a1", "x");
        write(row("times", "d2", "u1", "a1", AT.plusMillis(1), 1, false, "x"));
        write("times", "d3", "u1", "a1", "x");
        write(row("times", "d3", null, null, AT, 2, true));
        for (Audience audience : List.of(
                Audience.everyone(),
                Audience.devices(List.of("d1", "d2", "d3")),
                Audience.users(List.of("u1")),
                Audience.aliases(List.of("a1")),
                tags("x", "", ""))) {
            assertThat(found("times", audience)).as("%s", audience).containsExactly("d1");
        }
    }

    @Test
    void manyUsersComeChunkByChunk() {
        var users = IntStream.range(0, 130).mapToObj(i -> "user" + i).toList();
        for (int i = 0; i < 130; i++) {
            write("chunks", "d" + i, "user" + i, "a" + i, "x");
        }
        assertThat(found("chunks", Audience.users(users))).hasSize(130).doesNotHaveDuplicates();
        assertThat(found(
                        "chunks",
                        Audience.aliases(
                                IntStream.range(0, 130).mapToObj(i -> "a" + i).toList())))
                .hasSize(130)
                .doesNotHaveDuplicates();
    }

    @Test
    void aPageReadsNoMoreThanItsLimitThoughNothingFits() {
        for (int i = 0; i < 9; i++) {
            write("sparse", "d" + i, "u", "a", "x");
        }
        var page = await(audiences().page("sparse", tags("", "x nothing", ""), AT, Optional.empty(), 4));
        // tags are sorted: the first of all, "nothing", is followed, and nobody has it
        assertThat(page).isEqualTo(new AudienceRegistry.AudiencePage(List.of(), Optional.empty()));
        var none = await(audiences().page("sparse", tags("", "", "x"), AT, Optional.empty(), 4));
        assertThat(none).isEqualTo(new AudienceRegistry.AudiencePage(List.of(), Optional.of("d3")));
        assertThatThrownBy(() -> audiences().page("sparse", Audience.everyone(), AT, Optional.empty(), 501))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AudienceRegistry audiences() {
        return node.persistence.audiences();
    }

    /** The devices found, the same whatever the size of a page, in order of their ids. */
    private List<String> found(String tenant, Audience audience) {
        var expected = found(tenant, audience, 500).stream().sorted().toList();
        for (int limit : List.of(1, 2, 3)) {
            assertThat(found(tenant, audience, limit)).containsExactlyInAnyOrderElementsOf(expected);
        }
        return expected;
    }

    private List<String> found(String tenant, Audience audience, int limit) {
        var ids = new ArrayList<String>();
        Optional<String> after = Optional.empty();
        do {
            var page = await(audiences().page(tenant, audience, AT, after, limit));
            assertThat(page.devices()).hasSizeLessThanOrEqualTo(limit);
            page.devices().forEach(device -> ids.add(device.deviceId()));
            after = page.next();
        } while (after.isPresent());
        return ids;
    }

    private static Audience tags(String any, String all, String none) {
        return Audience.tags(split(any), split(all), split(none));
    }

    private static List<String> split(String words) {
        return words.isEmpty() ? List.of() : List.of(words.split(" "));
    }

    private void write(String tenant, String id, String user, String alias, String... tags) {
        write(row(tenant, id, user, alias, AT, 1, false, tags));
    }

    private void write(DeviceRow row) {
        await(node.persistence.registryWriter().write(row));
    }

    private static DeviceRow row(
            String tenant,
            String id,
            String user,
            String alias,
            Instant registeredAt,
            long version,
            boolean deleted,
            String... tags) {
        return new DeviceRow(
                tenant,
                id,
                Optional.ofNullable(user),
                "ios",
                Optional.ofNullable(alias),
                List.of(tags),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                registeredAt,
                version,
                deleted);
    }
}
