package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known of a credential without Apple. */
class ApnsCredentialTest {

    private static final Instant NOW = Adapters.NOW;

    private final ApnsAdapterFactory factory = new ApnsAdapterFactory(Adapters.config(""), Adapters.CLOCK);

    @Test
    void aSigningKeyIsGoodAndItsSummaryNamesKeyAndTeam() {
        Verdict verdict = check(Credentials.token());

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.summary()).isEqualTo("token, team ABCDE12345, key ABC123DEFG, topic com.example.app");
        assertThat(verdict.expiresAt()).isEmpty();
    }

    @Test
    void aKeysTextMayHaveCarriageReturnsAndSpaceAround() {
        ObjectNode credential = Credentials.token();
        credential.put("key", "\r\n" + credential.get("key").asText().replace("\n", "\r\n") + "\n\n");

        assertThat(check(credential).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "teamId, abcde12345",
        "teamId, ABCDE1234",
        "keyId, ABC123DEFGH",
        "keyId, ABC-23DEFG",
        "topic, com..app",
        "topic, com.example.app/",
        "topic, 'com.example.app\n'",
        "key, not a key"
    })
    void eachFieldIsChecked(String field, String value) {
        assertThat(check(Credentials.token().put(field, value)).problems())
                .extracting(Problem::pointer, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/" + field, "invalid"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"teamId", "keyId", "key", "topic"})
    void eachFieldIsRequired(String field) {
        assertThat(check((ObjectNode) Credentials.token().without(List.of(field)))
                        .problems())
                .extracting(Problem::pointer, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/" + field, "required"));
        assertThat(check(Credentials.token().put(field, 7)).problems())
                .extracting(Problem::pointer, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/" + field, "invalid"));
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        byte[] other = Credentials.keyPair("secp384r1").getPrivate().getEncoded();
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String right = Credentials.token().get("key").asText();

        assertThat(pointers(check(Credentials.token(Credentials.pem(other))))).containsExactly("/key");
        assertThat(pointers(check(Credentials.token(Credentials.pem(rsa))))).containsExactly("/key");
        assertThat(check(Credentials.token(right.replace("PRIVATE KEY", "EC PRIVATE KEY")))
                        .problems()
                        .get(0)
                        .detail())
                .contains("PKCS #8");
    }

    @Test
    void aCertificateSaysWhenItEnds() {
        Instant end = NOW.plus(Duration.ofDays(20));

        Verdict verdict = check(Credentials.certificate(NOW.minus(Duration.ofDays(1)), end, "pass word"));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.expiresAt()).contains(end);
        assertThat(verdict.summary()).isEqualTo("certificate until 2026-12-10T12:00:00Z, topic com.example.app");
    }

    @Test
    void aCertificateOutOfItsTimeIsRefusedAndStillSaysWhenItEnds() {
        Verdict expired = check(Credentials.certificate(NOW.minus(Duration.ofDays(9)), NOW, "p"));
        Verdict early = check(Credentials.certificate(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9)), "p"));

        assertThat(expired.problems()).extracting(Problem::code).containsExactly("expired");
        assertThat(expired.expiresAt()).contains(NOW);
        assertThat(early.problems()).extracting(Problem::code).containsExactly("notYetValid");
    }

    @Test
    void aCertificateThatDoesNotOpenIsRefused() {
        ObjectNode good = Credentials.certificate(NOW.minusSeconds(5), NOW.plusSeconds(5), "right");
        String junk = Base64.getEncoder().encodeToString("junk".getBytes(StandardCharsets.UTF_8));

        assertThat(pointers(check(good.deepCopy().put("password", "wrong")))).containsExactly("/p12");
        assertThat(pointers(check(good.deepCopy().put("password", 7)))).containsExactly("/password");
        assertThat(pointers(check(good.deepCopy().put("p12", "!")))).containsExactly("/p12");
        assertThat(pointers(check(good.deepCopy().put("p12", junk)))).containsExactly("/p12");
        assertThat(pointers(check((ObjectNode) good.deepCopy().without(List.of("p12")))))
                .containsExactly("/p12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "{",
                "{}",
                "{\"type\":\"token\"} x",
                "{\"type\":\"magic\"}",
                "{\"type\":\"token\",\"type\":\"token\"}"
            })
    void whatIsNoCredentialIsRefused(String text) {
        assertThat(factory.check("sandbox", text.getBytes(StandardCharsets.UTF_8))
                        .isGood())
                .isFalse();
    }

    @Test
    void whatIsTooLargeOrTooDeepIsRefusedQuickly() {
        assertThat(factory.check("sandbox", new byte[70_000]).isGood()).isFalse();
        assertThat(factory.check("sandbox", "[".repeat(60_000).getBytes(StandardCharsets.UTF_8))
                        .isGood())
                .isFalse();
    }

    @Test
    void noPartOfASecretIsInWhatIsSaidOfIt() {
        String secret = "MIGTAgEAMBMGByqGSM49verysecret";
        List<ObjectNode> bad = List.of(
                Credentials.token("-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----"),
                Credentials.token(secret),
                Credentials.token().put(secret, "x"),
                Credentials.token().put("type", secret),
                Credentials.token().put("keyId", secret),
                Credentials.token().put("topic", secret + "/"),
                Credentials.certificate(NOW.minusSeconds(5), NOW.plusSeconds(5), "p")
                        .put("password", secret));

        for (ObjectNode credential : bad) {
            Verdict verdict = check(credential);
            assertThat(verdict.isGood()).isFalse();
            assertThat(verdict.toString()).doesNotContain("verysecret");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> factory.open("production", Credentials.bytes(credential)))
                    .withMessageNotContaining("verysecret")
                    .withNoCause();
        }
        assertThat(ApnsCredentialReader.read(Credentials.bytes(Credentials.token()), Adapters.CLOCK)
                        .toString())
                .doesNotContain("PRIVATE")
                .doesNotContain("sun.security");
    }

    @Test
    void thereAreTwoEnvironments() {
        assertThat(factory.channel()).isEqualTo("apns");
        assertThat(factory.environments()).containsExactlyInAnyOrder("production", "sandbox");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.check("staging", Credentials.bytes(Credentials.token())));
    }

    private Verdict check(ObjectNode credential) {
        return factory.check("production", Credentials.bytes(credential));
    }

    private static List<String> pointers(Verdict verdict) {
        return verdict.problems().stream().map(Problem::pointer).toList();
    }
}
