package io.lanying.http;

import static io.lanying.http.TestApi.header;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.Operations.Operation;
import io.lanying.http.auth.ApiKeyText;
import io.lanying.http.auth.Forgeries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guessed, forged and misplaced credentials at every call (matrix A3): none opens anything, and guessing costs little. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCredentialsTest {

    private static final int BURST = 30;

    private TestApi api;
    private int sources;

    @BeforeAll
    void start() {
        api = new TestApi("push.http.inbox.requests-burst = 100000");
        StubEntities.install(api);
        api.tenantWithKey("rival", "*");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static Stream<Operation> operations() {
        return Stream.concat(Operations.all().stream(), Operations.ofDevices().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void openNothing(Operation operation) {
        for (var probe : hostile(operation).entrySet()) {
            api.forgetAsked();
            var request = bare(operation);
            var answer = api.ask(TestApi.from(
                    probe.getValue().isEmpty()
                            ? request
                            : request.addHeader(HttpHeader.parse("Authorization", probe.getValue())),
                    newSource()));

            assertThat(answer.status().intValue()).as(probe.getKey()).isEqualTo(401);
            assertThat(answer.entity().getContentType().toString()).isEqualTo("application/problem+json");
            assertThat(api.code(answer)).isEqualTo("unauthorized");
            assertThat(api.isUntouched()).as(probe.getKey()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void areLimitedByTheirSource(Operation operation) {
        String source = newSource();
        var right = operation.request().apply(operation.credential(api));
        assertThat(api.ask(right).status().isSuccess())
                .as("its tenant is known here")
                .isTrue();
        for (int guess = 0; guess < BURST; guess++) {
            assertThat(guess(operation, source, guess).status().intValue()).isEqualTo(401);
        }
        api.nanos.addAndGet(1_000_000_000L);
        assertThat(guess(operation, source, BURST).status().intValue())
                .as("one a second")
                .isEqualTo(401);
        api.forgetAsked();
        for (int guess = 0; guess < 100; guess++) {
            var refused = guess(operation, source, 1_000 + guess);
            assertThat(refused.status().intValue()).isEqualTo(429);
            assertThat(api.code(refused)).isEqualTo("tooManyRequests");
            assertThat(header(refused, "Retry-After")).isNotEmpty();
        }

        assertThat(api.asked).as("tenants that nobody has heard of").hasSizeLessThanOrEqualTo(20);
        assertThat(api.isUntouched()).isTrue();
        assertThat(api.ask(TestApi.from(right, source)).status().isSuccess())
                .as("a good credential behind the same address")
                .isTrue();
    }

    private HttpResponse guess(Operation operation, String source, int number) {
        String tenant = "t" + number;
        String guess = operation.ofDevices()
                ? Forgeries.ofTenant(tenant)
                : ApiKeyText.create(tenant).reveal();
        return api.ask(TestApi.from(operation.request().apply(guess), source));
    }

    /** Values of {@code Authorization}; an empty one stands for none. */
    private Map<String, String> hostile(Operation operation) {
        var all = new LinkedHashMap<String, String>();
        all.put("none", "");
        all.put("another scheme", "Basic YTpi");
        for (String text :
                List.of("x", "lk_", "lk_acme", "lk_acme/", "lk_acme//", "lk_acme/k/short", "lk_acme/k/s/s")) {
            all.put(text, "Bearer " + text);
        }
        String key = api.tenantWithKey("acme", "*");
        boolean endsInA = key.endsWith("a");
        all.put("one letter wrong", "Bearer " + key.substring(0, key.length() - 1) + (endsInA ? "b" : "a"));
        all.put("another tenant's secret", "Bearer " + key.replace("lk_acme", "lk_rival"));
        all.put(
                "a tenant that is not there",
                "Bearer " + ApiKeyText.create("nobody").reveal());
        all.put("a tenant that is no id", "Bearer " + key.replace("lk_acme", "lk_acme:d1|x"));
        all.put("an operator's key that is none", "Bearer ok_" + "a".repeat(52));
        Forgeries.all().forEach((name, token) -> {
            if (!token.isEmpty()) {
                all.put(name, "Bearer " + token);
            }
        });
        if (operation.ofDevices()) {
            all.put("a good API key", "Bearer " + key);
            all.put("the operator's key", "Bearer " + TestApi.OPERATOR);
        } else {
            all.put("a good session token", "Bearer " + api.deviceToken("acme", "d1"));
        }
        return all;
    }

    private static HttpRequest bare(Operation operation) {
        return operation.request().apply("").removeHeader("Authorization");
    }

    private String newSource() {
        sources++;
        return "10." + (sources >> 16) + "." + ((sources >> 8) & 0xff) + "." + (sources & 0xff);
    }
}
