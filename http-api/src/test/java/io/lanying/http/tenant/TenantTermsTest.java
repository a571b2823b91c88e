package io.lanying.http.tenant;

import static io.lanying.http.TestApi.OPERATOR;
import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.auth.ApiKeyText;
import io.lanying.http.auth.Secrets;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantCommand.SetQuotas;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tenant's callers are subject to: their keys' roles, the tenant's quotas, its home region. */
class TenantTermsTest {

    private static final String ACME = "/v1/admin/tenants/acme";
    private static final String HELLO = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"}}";
    private static final Duration LEASE = Duration.ofSeconds(5);

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

    @Nested
    class Roles {

        @Test
        void aKeyMayWhatItsRolesHoldNow() {
            String support = keyWithRoles("support");
            assertThat(status(get("/v1/devices/d1", support))).isEqualTo(404);

            api.roles("acme", new Role("support", List.of("devices:read")));
            pass(LEASE);
            assertThat(status(get("/v1/devices/d1", support))).isEqualTo(200);
            assertThat(status(delete("/v1/devices/d1", support))).isEqualTo(404);

            api.roles("acme", new Role("support", List.of("devices:read", "devices:write")));
            pass(LEASE);
            assertThat(status(delete("/v1/devices/d1", support))).isEqualTo(204);

            api.roles("acme");
            pass(LEASE);
            assertThat(status(get("/v1/devices/d1", support))).isEqualTo(404);
        }

        @Test
        void aRolesScopesCountBesidesTheKeysOwn_andOtherRolesDoNotCount() {
            api.roles("acme", new Role("a", List.of("devices:write")), new Role("b", List.of("journal:read")));
            String both = keyWithRoles(List.of("devices:read"), "a");

            assertThat(status(get("/v1/devices/d1", both))).isEqualTo(200);
            assertThat(status(delete("/v1/devices/d1", both))).isEqualTo(204);
            assertThat(status(get("/v1/journal/devices/d1/events", both))).isEqualTo(404);
        }

        @Test
        void anotherTenantsRoleOfTheSameNameGivesNothing() {
            api.tenantWithKey("rival", "*");
            api.roles("rival", new Role("support", List.of("*")));
            api.roles("acme", new Role("support", List.of("devices:read")));
            String support = keyWithRoles("support");

            assertThat(status(get("/v1/devices/d1", support))).isEqualTo(200);
            assertThat(status(get("/v1/journal/devices/d1/events", support))).isEqualTo(404);
            assertThat(status(get("/v1/admin/tenants/rival/roles", support))).isEqualTo(404);
        }

        @Test
        void whoMayMakeKeysMayMakeRoles_ofItsOwnTenantOnly() {
            String admin = api.tenantWithKey("acme", "keys:admin");
            String body = "{\"scopes\":[\"devices:read\",\"devices:read\"]}";

            assertThat(status(put(ACME + "/roles/new", admin, body))).isEqualTo(201);
            assertThat(status(put(ACME + "/roles/reader", admin, body))).isEqualTo(200);
            assertThat(status(put("/v1/admin/tenants/rival/roles/new", admin, body)))
                    .isEqualTo(404);
            assertThat(status(put(ACME + "/quotas", admin, "{}"))).isEqualTo(404);
            assertThat(api.json(api.ask(get(ACME + "/roles?limit=1", admin))).get("items"))
                    .hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"scopes\":[]}",
                    "{\"scopes\":[\"root\"]}",
                    "{\"scopes\":\"*\"}",
                    "{\"scopes\":[\"*\"],\"name\":\"x\"}"
                })
        void rolesThatMakeNoSenseAreRefused(String body) {
            assertThat(api.code(api.ask(put(ACME + "/roles/r", OPERATOR, body))))
                    .isEqualTo("invalidRequest");
        }

        @Test
        void aRolesNameIsAnId() {
            assertThat(status(put(ACME + "/roles/a%20b", OPERATOR, "{\"scopes\":[\"*\"]}")))
                    .isEqualTo(400);
        }

        @Test
        void keysAreMadeWithRoles_andWithoutThemHaveTheFingerprintOfOld() {
            api.ask(key(post(ACME + "/api-keys", OPERATOR, "{\"name\":\"n\",\"roles\":[\"reader\"]}"), "k"));
            assertThat(((CreateApiKey) last()).roles()).containsExactly("reader");
            assertThat(((CreateApiKey) last()).scopes()).isEmpty();

            var answer = api.ask(key(post(ACME + "/api-keys", OPERATOR, "{\"name\":\"n\",\"scopes\":[\"*\"]}"), "k"));
            assertThat(api.json(answer).get("roles")).isEmpty();
            assertThat(((CreateApiKey) last()).fingerprint())
                    .isEqualTo(fingerprint("acme", "{\"name\":\"n\",\"scopes\":[\"*\"]}"));
        }
    }

    @Nested
    class WithQuotas {

        @Test
        void notificationsOverTheQuotaWait_andNobodyElses() {
            api.tenantWithKey("rival", "*");
            api.device("rival", "d1", "u2");
            String acme = api.tenantWithKey("acme", "*");
            String rival = api.tenantWithKey("rival", "*");
            api.quotas("acme", new Quotas(Optional.of(3), Optional.empty()));

            for (int i = 0; i < 3; i++) {
                assertThat(send(acme, "k" + i).status().intValue()).isEqualTo(202);
            }
            var over = send(acme, "k4");
            assertThat(over.status().intValue()).isEqualTo(429);
            assertThat(api.code(over)).isEqualTo("quotaExceeded");
            assertThat(header(over, "Retry-After")).isEqualTo("1");
            assertThat(pushes()).isEqualTo(3);
            for (int i = 0; i < 50; i++) {
                assertThat(send(rival, "k" + i).status().intValue()).isNotEqualTo(429);
            }
            assertThat(status(get("/v1/devices/d1", acme))).isEqualTo(200);

            pass(Duration.ofMillis(334));
            assertThat(send(acme, "k4").status().intValue()).isEqualTo(202);
            assertThat(send(acme, "k5").status().intValue()).isEqualTo(429);
            assertThat(refused("notificationsPerSecond")).isEqualTo(2);
        }

        @Test
        void allOfATenantsKeysShareIt_andRedeliveriesCount() {
            api.quotas("acme", new Quotas(Optional.of(2), Optional.empty()));
            String redelivery = "{\"fromItemSeq\":1,\"toItemSeq\":2}";
            String all = api.tenantWithKey("acme", "*");
            String sender = api.tenantWithKey("acme", "notifications:send");

            assertThat(send(all, "a").status().intValue()).isEqualTo(202);
            assertThat(status(key(post("/v1/devices/d1/redeliveries", sender, redelivery), "b")))
                    .isEqualTo(202);
            assertThat(send(sender, "c").status().intValue()).isEqualTo(429);
            assertThat(status(key(post("/v1/devices/d1/redeliveries", all, redelivery), "d")))
                    .isEqualTo(429);
        }

        @Test
        void whatIsWrongOrOnlyCheckedIsNotCounted() {
            api.quotas("acme", new Quotas(Optional.of(1), Optional.empty()));
            String acme = api.tenantWithKey("acme", "*");

            for (int i = 0; i < 5; i++) {
                assertThat(status(post("/v1/notifications?validateOnly=true", acme, HELLO)))
                        .isEqualTo(200);
                assertThat(status(key(post("/v1/notifications", acme, "{}"), "k")))
                        .isEqualTo(400);
            }
            assertThat(send(acme, "k").status().intValue()).isEqualTo(202);
        }

        @Test
        void aChangeAppliesWithinTheLease() {
            String acme = api.tenantWithKey("acme", "*");
            for (int i = 0; i < 50; i++) {
                assertThat(send(acme, "k" + i).status().intValue()).isEqualTo(202);
            }
            api.quotas("acme", new Quotas(Optional.of(1), Optional.empty()));
            pass(LEASE);
            assertThat(send(acme, "a").status().intValue()).isEqualTo(202);
            assertThat(send(acme, "b").status().intValue()).isEqualTo(429);

            api.quotas("acme", Quotas.UNLIMITED);
            pass(LEASE);
            for (int i = 0; i < 50; i++) {
                assertThat(send(acme, "c" + i).status().intValue()).isEqualTo(202);
            }
        }

        @Test
        void socketsAreCountedForEachTenant() {
            api.quotas("acme", new Quotas(Optional.empty(), Optional.of(2)));
            assertThat(status(get("/v1/devices/d1", api.tenantWithKey("acme", "*"))))
                    .isEqualTo(200);

            assertThat(api.gate().refusalOfSocket("acme", 1)).isEmpty();
            assertThat(api.gate().refusalOfSocket("acme", 2))
                    .hasValueSatisfying(
                            problem -> assertThat(problem.code().wireName()).isEqualTo("quotaExceeded"));
            assertThat(api.gate().refusalOfSocket("rival", 1_000)).isEmpty();
            assertThat(refused("sockets")).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[]",
                    "{\"sockets\":0}",
                    "{\"sockets\":-1}",
                    "{\"sockets\":1000001}",
                    "{\"sockets\":1.5}",
                    "{\"notificationsPerSecond\":\"9\"}",
                    "{\"devices\":9}"
                })
        void quotasThatMakeNoSenseAreRefused(String body) {
            assertThat(api.code(api.ask(put(ACME + "/quotas", OPERATOR, body)))).isEqualTo("invalidRequest");
        }

        @Test
        void theyAreReplacedWholeAndShown() {
            var set = api.ask(put(ACME + "/quotas", OPERATOR, "{\"notificationsPerSecond\":9,\"sockets\":null}"));

            assertThat(((SetQuotas) last()).quotas()).isEqualTo(new Quotas(Optional.of(9), Optional.empty()));
            assertThat(api.text(set)).isEqualTo("{\"notificationsPerSecond\":9}");
            assertThat(api.text(api.ask(get(ACME + "/quotas", OPERATOR)))).isEqualTo("{}");
        }

        private double refused(String quota) {
            return api.metrics
                    .get("push.http.quota.refused")
                    .tag("quota", quota)
                    .counter()
                    .count();
        }
    }

    @Nested
    class HomeRegion {

        @Test
        void aTenantIsAtHomeWhereItIsMade_unlessToldOtherwise() {
            var here = api.ask(key(post("/v1/admin/tenants", OPERATOR, "{\"tenantId\":\"t\",\"name\":\"n\"}"), "k"));
            assertThat(((Create) last()).homeRegion()).contains("default");
            assertThat(api.json(here).get("homeRegion").asText()).isEqualTo("default");
            assertThat(((Create) last()).fingerprint())
                    .as("as before there were regions")
                    .isEqualTo(fingerprint("t", "{\"tenantId\":\"t\",\"name\":\"n\"}"));

            var there = api.ask(key(
                    post(
                            "/v1/admin/tenants",
                            OPERATOR,
                            "{\"tenantId\":\"t\",\"name\":\"n\",\"homeRegion\":\"eu-west\"}"),
                    "k"));
            assertThat(((Create) last()).homeRegion()).contains("eu-west");
            assertThat(api.json(there).get("homeRegion").asText()).isEqualTo("eu-west");
            assertThat(api.json(api.ask(get(ACME, OPERATOR))).get("homeRegion").asText())
                    .isEqualTo("default");
        }

        @Test
        void elsewhereNothingIsDoneForIt() {
            try (var other = new TestApi("", "mars")) {
                StubEntities.install(other);
                String acme = other.tenantWithKey("acme", "*");
                var answer = other.ask(key(post("/v1/notifications", acme, HELLO), "k"));

                assertThat(answer.status().intValue()).isEqualTo(421);
                assertThat(other.json(answer).get("code").asText()).isEqualTo("otherRegion");
                assertThat(other.json(answer).get("homeRegion").asText()).isEqualTo("default");
                assertThat(other.deviceCommands).isEmpty();
                assertThat(other.gate().refusalOfSocket("acme", 0)).isPresent();
                assertThat(other.ask(get(ACME, OPERATOR)).status().intValue())
                        .as("the operator works everywhere")
                        .isEqualTo(200);
                String stranger = ApiKeyText.create("acme").reveal();
                assertThat(other.ask(get("/v1/devices", stranger)).status().intValue())
                        .as("who has no valid key hears of no region")
                        .isEqualTo(401);
            }
        }
    }

    private String keyWithRoles(String... roles) {
        return keyWithRoles(List.of(), roles);
    }

    private String keyWithRoles(List<String> scopes, String... roles) {
        var text = ApiKeyText.create("acme");
        var stored = new ApiKey(
                text.keyId(),
                "test",
                scopes,
                Secrets.hash(text.secret()),
                TestApi.NOW,
                Optional.empty(),
                List.of(roles));
        api.tenants.computeIfPresent("acme", (id, old) -> api.view("acme", List.of(stored)));
        return text.reveal();
    }

    private String fingerprint(String tenant, String content) {
        return api.sealing
                .sealer(tenant, "tenant")
                .toCompletableFuture()
                .join()
                .fingerprint(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private HttpResponse send(String credential, String idempotencyKey) {
        return api.ask(key(post("/v1/notifications", credential, HELLO), idempotencyKey));
    }

    private long pushes() {
        return api.deviceCommands.stream().filter(AcceptPush.class::isInstance).count();
    }

    private void pass(Duration time) {
        api.nanos.addAndGet(time.toNanos());
    }

    private int status(akka.http.javadsl.model.HttpRequest request) {
        return api.ask(request).status().intValue();
    }

    private Object last() {
        return api.tenantCommands.get(api.tenantCommands.size() - 1);
    }
}
