package io.lanying.http.tenant;

import static io.lanying.http.TestApi.OPERATOR;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.auth.Secrets;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRoutesTest {

    private static final String TENANTS = "/v1/admin/tenants";
    private static final String KEYS = TENANTS + "/acme/api-keys";

    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void makesATenantWithASealedSigningKey() {
        var answer = api.ask(key(post(TENANTS, OPERATOR, "{\"tenantId\":\"new\",\"name\":\"新\"}"), "k"));

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(header(answer, "Location")).isEqualTo(TENANTS + "/new");
        assertThat(api.json(answer).get("name").asText()).isEqualTo("新");
        assertThat(api.json(answer).get("createdAt").asText()).isEqualTo("2026-11-20T08:30:00.000Z");
        var signing = ((Create) last()).signingKey();
        assertThat(signing.secret().subject()).isEqualTo(Subject.TENANT);
        assertThat(api.sealing
                        .sealer("new", Subject.TENANT)
                        .toCompletableFuture()
                        .join()
                        .open(signing.keyId(), "signingKey", signing.secret()))
                .hasSize(32);
    }

    @Test
    void asksForTheSameThingUnderTheSameName() {
        var commands = new ArrayList<Create>();
        for (String idempotencyKey : List.of("a", "a", "b")) {
            api.ask(key(post(TENANTS, OPERATOR, "{\"tenantId\":\"new\",\"name\":\"n\"}"), idempotencyKey));
            commands.add((Create) last());
        }
        assertThat(commands.get(1).requestKey())
                .isEqualTo(commands.get(0).requestKey())
                .startsWith("t");
        assertThat(commands.get(1).fingerprint()).isEqualTo(commands.get(0).fingerprint());
        assertThat(commands.get(2).requestKey()).isNotEqualTo(commands.get(0).requestKey());
    }

    @Test
    void repeatsTheFirstAnswerMarked() {
        api.tenantWrites = (id, command) -> {
            var view = api.view("new", List.of());
            return done(new TenantReply.TenantView(
                    view.name(),
                    view.createdAt(),
                    List.of(),
                    view.signingKey(),
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty()));
        };
        var repeat = api.ask(key(post(TENANTS, OPERATOR, "{\"tenantId\":\"new\",\"name\":\"n\"}"), "k"));
        api.tenantWrites = (id, command) -> done(new TenantReply.Refused(ErrorCode.TENANT_EXISTS, "it exists", true));
        var exists = api.ask(key(post(TENANTS, OPERATOR, "{\"tenantId\":\"new\",\"name\":\"n\"}"), "k"));

        assertThat(repeat.status().intValue()).isEqualTo(201);
        assertThat(header(repeat, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(exists.status().intValue()).isEqualTo(409);
        assertThat(header(exists, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void pagesThroughTenants() {
        for (int i = 0; i < 5; i++) {
            api.tenants.put("t" + i, api.view("t" + i, List.of()));
        }
        var seen = new ArrayList<String>();
        String cursor = "";
        do {
            var page = api.json(api.ask(get(TENANTS + "?limit=2" + cursor, OPERATOR)));
            seen.addAll(page.get("items").findValuesAsText("tenantId"));
            cursor = page.get("nextCursor").isNull()
                    ? null
                    : "&cursor=" + page.get("nextCursor").asText();
        } while (cursor != null);

        assertThat(seen).containsExactly("acme", "t0", "t1", "t2", "t3", "t4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "limit=1&limit=2", "cursor=!", "cursor=e_x", "page=2"})
    void refusesQueriesThatMakeNoSense(String query) {
        assertThat(api.code(api.ask(get(TENANTS + "?" + query, OPERATOR)))).isEqualTo("invalidRequest");
    }

    @Test
    void showsAKeyOnceAndStoresItsHash() {
        var answer = api.ask(
                key(post(KEYS, OPERATOR, "{\"name\":\"n\",\"scopes\":[\"devices:read\",\"devices:read\"]}"), "k"));
        var made = api.json(answer);
        String text = made.get("key").asText();

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(text).matches("lk_acme/k[a-z2-7]{26}/[a-z2-7]{52}");
        var command = (CreateApiKey) last();
        assertThat(command.keyId()).isEqualTo(made.get("keyId").asText());
        assertThat(command.scopes()).containsExactly("devices:read");
        assertThat(command.secretHash()).isEqualTo(Secrets.hash(text.substring(text.lastIndexOf('/') + 1)));
        assertThat(command.toString()).doesNotContain(text.substring(text.lastIndexOf('/') + 1));
        assertThat(api.text(api.ask(get(KEYS, OPERATOR)))).doesNotContain(command.secretHash());
    }

    @Test
    void doesNotRepeatASecret() {
        api.tenantWrites =
                (id, command) -> done(new TenantReply.Refused(ErrorCode.SECRET_ALREADY_SHOWN, "shown", true));
        var answer = api.ask(key(post(KEYS, OPERATOR, "{\"name\":\"n\",\"scopes\":[\"*\"]}"), "k"));

        assertThat(answer.status().intValue()).isEqualTo(409);
        assertThat(header(answer, "Idempotent-Replayed")).isEmpty();
        assertThat(api.code(answer)).isEqualTo("secretAlreadyShown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"n\"}",
                "{\"name\":\"n\",\"scopes\":[]}",
                "{\"name\":\"n\",\"scopes\":[\"root\"]}",
                "{\"scopes\":[\"*\"]}",
                "{\"name\":\" \",\"scopes\":[\"*\"]}",
                "{\"name\":\"a\\u001b[31m\",\"scopes\":[\"*\"]}",
                "{\"name\":\"n\",\"scopes\":[\"*\"],\"expiresAt\":\"soon\"}",
                "{\"name\":\"n\",\"scopes\":[\"*\"],\"expires\":\"2030-01-01T00:00:00Z\"}"
            })
    void refusesKeysThatMakeNoSense(String body) {
        assertThat(api.code(api.ask(key(post(KEYS, OPERATOR, body), "k")))).isEqualTo("invalidRequest");
    }

    @Test
    void makesNoKeysForATenantThatIsNotThere() {
        var answer =
                api.ask(key(post(TENANTS + "/nobody/api-keys", OPERATOR, "{\"name\":\"n\",\"scopes\":[\"*\"]}"), "k"));

        assertThat(answer.status().intValue()).isEqualTo(404);
        assertThat(api.tenantCommands).noneMatch(CreateApiKey.class::isInstance);
    }

    @Test
    void aTenantsAdministratorManagesItsOwnKeysOnly() {
        String admin = api.tenantWithKey("acme", "keys:admin");
        api.tenantWithKey("rival", "*");

        assertThat(api.ask(get(KEYS, admin)).status().intValue()).isEqualTo(200);
        assertThat(api.ask(get(TENANTS + "/rival/api-keys", admin)).status().intValue())
                .isEqualTo(404);
        assertThat(api.ask(get(TENANTS + "/acme", admin)).status().intValue()).isEqualTo(404);
    }

    private Object last() {
        return api.tenantCommands.get(api.tenantCommands.size() - 1);
    }
}
