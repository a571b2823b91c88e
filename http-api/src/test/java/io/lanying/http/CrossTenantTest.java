package io.lanying.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.Operations.Operation;
import io.lanying.protocol.EntityId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another tenant's ids, and ids made to look like them, at every operation (matrix A4): whoever asks gets, to the letter, what
 * they would get if the other tenant did not exist.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossTenantTest {

    /** In every value that only acme may see. */
    private static final List<String> CANARIES =
            List.of("Asia/Shanghai", StubEntities.VENDOR_TOKEN, "fingerprint-canary", "key of");

    private TestApi api;
    private TestApi withoutAcme;
    private String rival;
    private String rivalAlone;

    @BeforeAll
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        rival = api.tenantWithKey("rival", "*");
        withoutAcme = new TestApi();
        StubEntities.install(withoutAcme);
        withoutAcme.tenants.clear();
        withoutAcme.rows.clear();
        withoutAcme.members.clear();
        withoutAcme.journals.clear();
        withoutAcme.states.clear();
        rivalAlone = withoutAcme.tenantWithKey("rival", "*");
    }

    @AfterAll
    void stop() {
        api.close();
        withoutAcme.close();
    }

    static List<Operation> operations() {
        return Operations.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void anotherTenantsThingsAreNotThere(Operation operation) {
        api.forgetAsked();
        var answer = api.ask(operation.request().apply(rival));

        assertIsAsWithoutAcme(operation.name(), answer, operation.request().apply(rivalAlone));
    }

    static Stream<Arguments> parameters() {
        return Operations.all().stream().flatMap(operation -> operation.described().path().keySet().stream()
                .map(parameter -> Arguments.of(operation, parameter)));
    }

    @ParameterizedTest(name = "{0} with another {1}")
    @MethodSource("parameters")
    void madeUpIdsReachNobodyElse(Operation operation, String parameter) {
        for (String probe : madeUp(operation.described().path().get(parameter))) {
            var instead = Map.of(parameter, probe);
            api.forgetAsked();
            var answer = api.ask(operation.request(rival, instead));

            if (!EntityId.isValid(URLDecoder.decode(probe, UTF_8))) {
                assertThat(answer.status().intValue()).as(probe).isIn(400, 404);
                assertThat(api.isUntouched()).as(probe).isTrue();
            }
            assertIsAsWithoutAcme(probe, answer, operation.request(rivalAlone, instead));
        }
    }

    /** What only looks like an id is not that id for its owner either, nor for the operator. */
    @ParameterizedTest(name = "{0} with another {1}")
    @MethodSource("parameters")
    void whatLooksLikeAnIdIsNotThatId(Operation operation, String parameter) {
        String example = operation.described().path().get(parameter);
        boolean ofTenants = parameter.equals("tenantId");
        String credential = ofTenants ? TestApi.OPERATOR : api.tenantWithKey("acme", "*");
        for (String probe : madeUp(example)) {
            api.forgetAsked();
            api.ask(operation.request(credential, Map.of(parameter, probe)));

            assertThat(api.asked)
                    .as(probe)
                    .noneMatch(
                            asked -> asked.endsWith(" acme:" + example) && (ofTenants || !asked.startsWith("tenant")));
        }
    }

    private static List<String> madeUp(String id) {
        String fullWidth = encoded(new String(Character.toChars(id.charAt(0) + 0xfee0))) + id.substring(1);
        return List.of(
                "acme:" + id,
                "acme%3A" + id,
                "acme%7C" + id,
                "acme%2F" + id,
                "rival:x%7CDevice%7Cacme:" + id,
                "..%2F..%2Facme%2F" + id,
                "%2e%2e",
                id + "%00",
                id + "%0a",
                id + "%20",
                "%20" + id,
                id + "%2F",
                id.charAt(0) + "%C2%AD" + id.substring(1),
                id.charAt(0) + "%E2%80%8D" + id.substring(1),
                fullWidth,
                id + "%CC%81",
                id.toUpperCase(Locale.ROOT),
                id + ";tenant=acme",
                id + "%3Ftenant=acme",
                "%C0%AF" + id,
                "*",
                "%25",
                "%2525",
                "x".repeat(65),
                "x".repeat(2_000));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private void assertIsAsWithoutAcme(String what, HttpResponse answer, HttpRequest alone) {
        String text = api.text(answer);
        assertThat(text).as(what).doesNotContain(CANARIES);
        assertThat(api.asked).as(what).allMatch(asked -> asked.contains(" rival:"));
        var expected = withoutAcme.ask(alone);
        assertThat(answer.status()).as(what).isEqualTo(expected.status());
        assertThat(answer.status().intValue()).as(what).isLessThan(500);
        assertThat(withoutIds(text)).as(what).isEqualTo(withoutIds(withoutAcme.text(expected)));
    }

    private static String withoutIds(String text) {
        return text.replaceAll("\"requestId\":\"[^\"]*\"", "");
    }
}
