package io.lanying.http.hook;

import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.HookFixtures;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.outbound.WebhookSignature;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantReply.MessageHookIs;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/message-hook}: what reaches the tenant, sealed, and what is shown of it. */
class HookRoutesTest {

    private static final String PATH = "/v1/message-hook";
    private static final String URL = "https://chat.example.com/moderate";
    private static final String OWN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "hooks:admin");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse ask(String body) {
        return api.ask(put(PATH, credential, body));
    }

    private PutMessageHook last() {
        return (PutMessageHook) api.tenantCommands.get(api.tenantCommands.size() - 1);
    }

    private byte[] open(String field, MessageHook.Print print) {
        var sealer =
                api.sealing.sealer("acme", Subject.TENANT).toCompletableFuture().join();
        return sealer.open(MessageHook.ITEM, field, print.sealed());
    }

    @Test
    void aNewHooksSecretIsMadeAndShownInThisAnswerOnly() {
        var answer = ask("{\"url\":\"" + URL + "\",\"onSilence\":\"allow\"}");
        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(header(answer, "Location")).isEqualTo(PATH);
        var json = api.json(answer);
        assertThat(json.path("url").asText()).isEqualTo(URL);
        assertThat(json.path("timeoutMillis").asInt()).isEqualTo(2_000);
        assertThat(json.path("onSilence").asText()).isEqualTo("allow");
        byte[] secret = WebhookSignature.secret(json.path("secret").asText()).orElseThrow();
        assertThat(secret).hasSize(32);
        assertThat(last().secret()).isEmpty();
        assertThat(open(MessageHook.SECRET, last().fresh())).isEqualTo(secret);
        assertThat(open(MessageHook.URL, last().url())).isEqualTo(URL.getBytes(StandardCharsets.UTF_8));

        var hook = HookFixtures.hook(api.sealing, "acme", 9, URL, secret, 700, OnSilence.REFUSE);
        api.tenantWrites = (id, command) -> TestApi.done(new MessageHookIs(hook, false, false));
        var shown = api.json(api.ask(get(PATH, credential)));
        assertThat(shown.path("url").asText()).isEqualTo(URL);
        assertThat(shown.path("timeoutMillis").asInt()).isEqualTo(700);
        assertThat(shown.has("secret")).isFalse();
    }

    @Test
    void anOwnSecretIsTakenAndNotShownAgain() {
        var answer = ask(
                "{\"url\":\"" + URL + "\",\"secret\":\"" + OWN + "\",\"timeoutMillis\":100,\"onSilence\":\"refuse\"}");
        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(api.text(answer)).doesNotContain("whsec_");
        assertThat(open(MessageHook.SECRET, last().secret().orElseThrow()))
                .isEqualTo(WebhookSignature.secret(OWN).orElseThrow());
        assertThat(last().onSilence()).isEqualTo(OnSilence.REFUSE);
    }

    @Test
    void whatIsNotThereIsNotFoundAndDeletedAllTheSame() {
        String rival = api.tenantWithKey("rival", "hooks:admin");
        assertThat(api.ask(get(PATH, rival)).status().intValue()).isEqualTo(404);
        assertThat(api.ask(delete(PATH, credential)).status().intValue()).isEqualTo(204);
        assertThat(api.tenantCommands).anyMatch(TenantCommand.DeleteMessageHook.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://a.example/\"}|/onSilence",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"maybe\"}|/onSilence",
                "{\"url\":\"http://a.example/\",\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://127.0.0.1/\",\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://[::ffff:10.0.0.1]/\",\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://u:p@a.example/\",\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://a.example:22/\",\"onSilence\":\"allow\"}|/url",
                "{\"url\":7,\"onSilence\":\"allow\"}|/url",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"allow\",\"timeoutMillis\":99}|/timeoutMillis",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"allow\",\"timeoutMillis\":5001}|/timeoutMillis",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"allow\",\"secret\":\"whsec_c2hvcnQ=\"}|/secret",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"allow\",\"secret\":\"plain\"}|/secret",
                "{\"url\":\"https://a.example/\",\"onSilence\":\"allow\",\"more\":1}|/more"
            })
    void aWrongHookIsRefusedWithItsPlaceAndChangesNothing(String body, String pointer) {
        var answer = ask(body);
        assertThat(answer.status().intValue()).isEqualTo(400);
        assertThat(api.json(answer).path("errors").path(0).path("pointer").asText())
                .isEqualTo(pointer);
        assertThat(api.tenantCommands).noneMatch(PutMessageHook.class::isInstance);
    }

    @Test
    void onlyTheScopeOpensIt() {
        for (String scope : new String[] {"channels:admin", "conversations:write", "keys:admin"}) {
            String other = api.tenantWithKey("acme", scope);
            assertThat(api.ask(get(PATH, other)).status().intValue()).isEqualTo(404);
        }
        assertThat(api.ask(get(PATH, TestApi.OPERATOR)).status().intValue()).isEqualTo(404);
    }
}
