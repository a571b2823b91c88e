package io.lanying.http.user;

import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.UserFixtures;
import io.lanying.protocol.user.UserCommand;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/users}: what reaches the user entity, and what is said of it. */
class UserRoutesTest {

    private TestApi api;
    private String key;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        key = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aNameIsSealedForThePersonBeforeItLeavesTheEdge() {
        var answer = api.ask(put(
                "/v1/users/new",
                key,
                "{\"name\":\"Ada\",\"settings\":{\"muted\":true,\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\","
                        + "\"zone\":\"Asia/Shanghai\",\"mode\":\"defer\"}}}"));

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(TestApi.header(answer, "Location")).isEqualTo("/v1/users/new");
        assertThat(api.json(answer).path("name").asText()).isEqualTo("Ada");
        var command = (UserCommand.Put) api.userCommands.get(0);
        assertThat(command.settings()).isEqualTo(UserFixtures.SETTINGS);
        var name = command.name().orElseThrow();
        assertThat(name.sealed().subject()).isEqualTo("user:new");
        var sealer =
                api.sealing.sealer("acme", "user:new").toCompletableFuture().join();
        assertThat(sealer.open("new", "name", name.sealed())).isEqualTo("Ada".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"settings\":{\"quietHours\":{\"from\":\"22:00\",\"to\":\"22:00\",\"mode\":\"drop\"}}}|/settings/quietHours/to",
                "{\"settings\":{\"quietHours\":{\"from\":\"24:00\",\"to\":\"7:00\",\"mode\":\"drop\"}}}|/settings/quietHours/from",
                "{\"settings\":{\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\",\"mode\":\"loud\"}}}|/settings/quietHours/mode",
                "{\"settings\":{\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\",\"mode\":\"drop\",\"zone\":\"Mars/Base\"}}}|/settings/quietHours/zone",
                "{\"settings\":{\"quietHours\":{\"from\":\"22:00\",\"mode\":\"drop\"}}}|/settings/quietHours/to",
                "{\"settings\":{\"muted\":\"yes\"}}|/settings/muted",
                "{\"settings\":{\"mute\":true}}|/settings/mute",
                "{\"name\":\"\"}|/name"
            })
    void aWrongWishIsRefusedWithItsPlace(String body, String pointer) {
        var answer = api.ask(put("/v1/users/u1", key, body));

        assertThat(answer.status().intValue()).isEqualTo(400);
        assertThat(api.json(answer).path("errors").path(0).path("pointer").asText())
                .isEqualTo(pointer);
        assertThat(api.userCommands).isEmpty();
    }

    @Test
    void showsTheNameUntilThePersonIsErased() {
        assertThat(api.json(api.ask(get("/v1/users/u1", key))).path("name").asText())
                .isEqualTo("Ada");

        assertThat(api.ask(delete("/v1/users/u1", key)).status().intValue()).isEqualTo(204);

        assertThat(api.sealing.erased).containsExactly("user:u1");
        assertThat(api.userCommands).last().isInstanceOf(UserCommand.Delete.class);
        assertThat(api.json(api.ask(get("/v1/users/u1", key))).has("name")).isFalse();
    }

    @Test
    void aKeyThatCannotBeErasedKeepsTheDeletionOpen() {
        api.sealing.down = true;
        assertThat(api.ask(delete("/v1/users/u1", key)).status().intValue()).isEqualTo(503);
        assertThat(api.userCommands).isEmpty();
    }
}
