package io.lanying.http.auth;

import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.TestApi;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets in, for how long, and at what cost; hostile credentials are {@code HostileCredentialsTest}'s (matrix A3). */
class CredentialsTest {

    private static final String PATH = "/v1/devices";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        credential = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void takesAnApiKey() {
        assertThat(status(get(PATH, credential))).isEqualTo(200);
    }

    @Test
    void nobodyIsAskedForTheirName() {
        var answer = api.ask(HttpRequest.GET(PATH));

        assertThat(answer.status().intValue()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Bearer");
        assertThat(api.code(answer)).isEqualTo("unauthorized");
    }

    @Test
    void anExpiredKeyIs401() {
        var text = ApiKeyText.create("acme");
        var key = new ApiKey(
                text.keyId(),
                "n",
                List.of("*"),
                Secrets.hash(text.secret()),
                TestApi.NOW,
                Optional.of(TestApi.NOW.plusSeconds(10)),
                List.of());
        api.tenants.put("acme", api.view("acme", List.of(key)));

        assertThat(status(get(PATH, text.reveal()))).isEqualTo(200);
        api.now = TestApi.NOW.plusSeconds(10);
        assertThat(status(get(PATH, text.reveal()))).isEqualTo(401);
    }

    @Test
    void theOperatorHasNoTenant() {
        assertThat(status(get(PATH, TestApi.OPERATOR))).isEqualTo(404);
        assertThat(status(get("/v1/admin/tenants", TestApi.OPERATOR))).isEqualTo(200);
        assertThat(status(get("/v1/admin/tenants", credential))).isEqualTo(404);
    }

    @Test
    void asksOncePerLeaseAndRefreshesInTheBackground() {
        for (int i = 0; i < 100; i++) {
            assertThat(status(get(PATH, credential))).isEqualTo(200);
        }
        assertThat(views()).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        assertThat(views()).isEqualTo(2);
    }

    @Test
    void aRevokedKeyStopsWithinTheLease() {
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        api.tenants.put("acme", api.view("acme", List.of()));
        pass(Duration.ofSeconds(1));
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        pass(Duration.ofSeconds(4));
        assertThat(status(get(PATH, credential))).isEqualTo(401);
    }

    @Test
    void aKeyRevokedThroughThisNodeStopsAtOnce() {
        String admin = api.tenantWithKey("acme", "keys:admin");
        String keyId = credential.substring(credential.indexOf('/') + 1, credential.lastIndexOf('/'));
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        api.tenantWrites = (id, command) -> {
            var kept = api.tenants.get("acme").apiKeys().stream()
                    .filter(key -> !key.keyId().equals(keyId))
                    .toList();
            api.tenants.put("acme", api.view("acme", kept));
            return TestApi.done(new TenantReply.Deleted());
        };

        assertThat(status(delete("/v1/admin/tenants/acme/api-keys/" + keyId, admin)))
                .isEqualTo(204);
        assertThat(status(get(PATH, credential))).isEqualTo(401);
    }

    @Test
    void aKeyMadeOnAnotherNodeWorksAtOnce() {
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        String made = api.tenantWithKey("acme", "devices:read");

        assertThat(status(get(PATH, made))).isEqualTo(200);
    }

    @Test
    void aTenantMadeOnAnotherNodeWorksAtOnce() {
        var text = ApiKeyText.create("fresh");
        assertThat(status(get(PATH, text.reveal()))).isEqualTo(401);
        String made = api.tenantWithKey("fresh", "*");

        assertThat(status(get(PATH, made))).isEqualTo(200);
    }

    @Test
    void withoutALeaseTheAnswerIs503() {
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        api.tenantsDown = true;
        pass(Duration.ofSeconds(4));
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        pass(Duration.ofSeconds(1));
        var answer = api.ask(get(PATH, credential));

        assertThat(answer.status().intValue()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isNotEmpty();
        api.tenantsDown = false;
        assertThat(status(get(PATH, credential))).isEqualTo(200);
    }

    @Test
    void guessingIsLimitedBySourceAndCostsNoEntityAnything() {
        int guesses = 0;
        while (status(TestApi.from(get(PATH, guess()), "192.0.2.1")) == 401 && guesses < 1_000) {
            guesses++;
        }
        long asked = views();
        var refused = api.ask(TestApi.from(get(PATH, guess()), "192.0.2.1"));

        assertThat(guesses).isEqualTo(30);
        assertThat(refused.status().intValue()).isEqualTo(429);
        assertThat(header(refused, "Retry-After")).isNotEmpty();
        assertThat(views()).isEqualTo(asked);
        assertThat(status(TestApi.from(get(PATH, guess()), "192.0.2.2")))
                .as("another source")
                .isEqualTo(401);
        assertThat(status(TestApi.from(get(PATH, credential), "192.0.2.1")))
                .as("a good key behind the same address")
                .isEqualTo(200);
        pass(Duration.ofSeconds(1));
        assertThat(status(TestApi.from(get(PATH, guess()), "192.0.2.1"))).isEqualTo(401);
        assertThat(status(TestApi.from(get(PATH, guess()), "192.0.2.1"))).isEqualTo(429);
    }

    @Test
    void aSourceIsAWholeNetworkInIpv6() {
        for (int i = 0; i < 30; i++) {
            assertThat(status(TestApi.from(get(PATH, "x"), "2001:db8::" + i))).isEqualTo(401);
        }
        assertThat(status(TestApi.from(get(PATH, "x"), "2001:db8::ffff"))).isEqualTo(429);
        assertThat(status(TestApi.from(get(PATH, "x"), "2001:db8:0:1::1"))).isEqualTo(401);
    }

    @Test
    void spraysOfTenantNamesCostLittleAndNobodyElseAnything() {
        assertThat(status(get(PATH, credential))).isEqualTo(200);
        pass(Duration.ofSeconds(60));
        api.tenantCommands.clear();
        for (int i = 0; i < 1_000; i++) {
            assertThat(status(TestApi.from(get(PATH, ApiKeyText.create("t" + i).reveal()), "192.0.2.9")))
                    .isIn(401, 429);
        }
        assertThat(views()).isLessThanOrEqualTo(50);
        assertThat(status(TestApi.from(get(PATH, credential), "192.0.2.9")))
                .as("through the same proxy")
                .isEqualTo(200);
    }

    @Test
    void oneHundredThousandGuessesFindNothing() {
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            accepted += status(TestApi.from(get(PATH, guess()), "192.0.2.3")) == 200 ? 1 : 0;
        }
        assertThat(accepted).isZero();
    }

    @Test
    void headersOfOthersDoNotChangeWhoIsCalling() {
        api.device("rival", "d1", "u1");
        var answer = api.ask(get(PATH, credential)
                .addHeader(RawHeader.create("X-Tenant", "rival"))
                .addHeader(RawHeader.create("X-Forwarded-User", "rival")));

        assertThat(api.json(answer).get("items")).isEmpty();
    }

    private String guess() {
        return "lk_acme/" + credential.substring(credential.indexOf('/') + 1, credential.lastIndexOf('/')) + "/"
                + Secrets.base32(Secrets.random(32));
    }

    private void pass(Duration time) {
        api.nanos.addAndGet(time.toNanos());
    }

    private long views() {
        return api.tenantCommands.stream()
                .filter(TenantCommand.Get.class::isInstance)
                .count();
    }

    private int status(HttpRequest request) {
        return api.ask(request).status().intValue();
    }
}
