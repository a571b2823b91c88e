package io.lanying.channels.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FcmServiceAccountTest {

    private static final FcmAdapterFactory FACTORY = new FcmAdapterFactory(FcmBench.defaults(), Clock.systemUTC());

    private static Verdict check(byte[] credential) {
        return FACTORY.check(FcmBench.PRODUCTION, credential);
    }

    private static Verdict check(Consumer<ObjectNode> change) {
        ObjectNode file = FcmBench.ACCOUNT.file();
        change.accept(file);
        return check(SimulatedServiceAccount.credential(file));
    }

    private static Verdict checkText(String credential) {
        return check(credential.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aGoodFileIsGoodAndItsSummaryHoldsNoSecret() {
        Verdict verdict = check(FcmBench.ACCOUNT.credential());

        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.summary()).isEqualTo("project p1, pusher@p1.iam.gserviceaccount.com, key simulated");
        assertThat(verdict.expiresAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorized_user",
                "external_account",
                "external_account_authorized_user",
                "impersonated_service_account",
                "gdch_service_account",
                "compute_engine",
                "",
                "SERVICE_ACCOUNT"
            })
    void everyOtherTypeIsRefused(String type) {
        Verdict verdict = check(file -> file.put("type", type));

        assertThat(verdict.problems()).extracting(Problem::pointer).containsExactly("/serviceAccount/type");
        assertThat(verdict.problems()).extracting(Problem::code).containsExactly("notServiceAccount");
    }

    @ParameterizedTest
    @CsvSource({
        "project_id, ../../evil",
        "project_id, p1/messages:send?x=",
        "project_id, p1.attacker.com#",
        "project_id, P1",
        "client_email, nobody",
        "private_key, secret-and-no-key",
        "private_key_id, a b"
    })
    void aFieldOfTheWrongFormIsNamed(String field, String value) {
        Verdict verdict = check(file -> file.put(field, value));

        assertThat(verdict.problems()).extracting(Problem::pointer).containsExactly("/serviceAccount/" + field);
        assertThat(verdict.problems()).extracting(Problem::code).containsExactly("invalid");
        assertThat(verdict.toString()).doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"project_id", "client_email", "private_key"})
    void aMissingFieldIsNamed(String field) {
        Verdict verdict = check(file -> file.remove(field));

        assertThat(verdict.problems()).extracting(Problem::pointer).containsExactly("/serviceAccount/" + field);
        assertThat(verdict.problems()).extracting(Problem::code).containsExactly("required");
    }

    @Test
    void aShortKeyIsRefused() {
        Verdict verdict = check(SimulatedServiceAccount.generate("p1", 1024).credential());

        assertThat(verdict.problems()).extracting(Problem::code).containsExactly("keySize");
        assertThat(verdict.problems().get(0).detail()).contains("2048").contains("1024");
    }

    @Test
    void anEllipticKeyIsRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";

        assertThat(check(file -> file.put("private_key", pem)).problems())
                .extracting(Problem::code)
                .containsExactly("invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "null",
                "{}",
                "{\"serviceAccount\":\"file\"}",
                "{\"serviceAccount\":{},\"serviceAccount\":{}}"
            })
    void whatIsNoCredentialIsSaidToBeNone(String text) {
        assertThat(checkText(text).isGood()).isFalse();
        assertThatThrownBy(() -> FACTORY.open(FcmBench.PRODUCTION, text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void somethingBesideTheFileIsRefusedWithoutNamingIt() {
        Verdict verdict = checkText("{\"serviceAccount\":" + FcmBench.ACCOUNT.file() + ",\"my-secret\":1}");

        assertThat(verdict.problems()).extracting(Problem::code).containsExactly("unknown");
        assertThat(verdict.toString()).doesNotContain("my-secret");
    }

    @Test
    void anEndlessFileIsNotRead() {
        assertThat(check(new byte[100_000]).problems())
                .extracting(Problem::code)
                .containsExactly("tooLarge");
    }
}
