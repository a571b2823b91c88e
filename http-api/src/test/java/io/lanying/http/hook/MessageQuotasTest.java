package io.lanying.http.hook;

import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.tenant.Quotas;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quotas of messages, whichever way they come. */
class MessageQuotasTest {

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void quotas(int ofTenant, int ofSender) {
        api.quotas(
                "acme", new Quotas(Optional.empty(), Optional.empty(), Optional.of(ofTenant), Optional.of(ofSender)));
    }

    private HttpResponse send(String senderId) {
        return api.ask(post(
                "/v1/conversations/g1/messages",
                credential,
                "{\"senderId\":\"" + senderId
                        + "\",\"clientMessageId\":\"c1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}"));
    }

    private double refused(String quota) {
        return api.metrics.counter("push.http.quota.refused", "quota", quota).count();
    }

    @Test
    void aTenantsMessagesAreCountedTogether() {
        quotas(3, 100);
        for (String sender : new String[] {"a", "b", "c"}) {
            assertThat(api.code(send(sender))).isNotEqualTo("quotaExceeded");
        }
        var over = send("d");
        assertThat(over.status().intValue()).isEqualTo(429);
        assertThat(TestApi.header(over, "Retry-After")).isNotEmpty();
        assertThat(api.code(over)).isEqualTo("quotaExceeded");
        assertThat(refused("messagesPerSecond")).isEqualTo(1);
        api.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(api.code(send("d"))).isNotEqualTo("quotaExceeded");
    }

    @Test
    void aSendersAreCountedByThemselvesAlsoFromTheApp() {
        quotas(100, 1);
        assertThat(api.code(send("u1"))).isNotEqualTo("quotaExceeded");
        assertThat(api.code(send("u2"))).isNotEqualTo("quotaExceeded");
        var fromTheApp = api.ask(
                post(
                        "/v1/device/messages",
                        api.deviceToken("acme", "d1"),
                        "{\"conversationId\":\"g1\",\"clientMessageId\":\"c2\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}"));
        assertThat(api.code(fromTheApp)).isEqualTo("quotaExceeded");
        assertThat(refused("senderMessagesPerSecond")).isEqualTo(1);
    }

    @Test
    void nothingThatIsOverAQuotaReachesItsConversation() {
        quotas(1, 1);
        send("u1");
        api.forgetAsked();
        assertThat(api.code(send("u1"))).isEqualTo("quotaExceeded");
        assertThat(api.conversationCommands).isEmpty();
    }
}
