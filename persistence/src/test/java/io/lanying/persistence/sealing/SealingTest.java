package io.lanying.persistence.sealing;

import static io.lanying.persistence.TestNode.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.testing.StoreConfigs;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@ForEachStore
class SealingTest extends StoreTest {

    private static final byte[] CLEAR = "明文 clear".getBytes(UTF_8);

    @Override
    protected String settings() {
        return "push.persistence.sealing.cache-expiry = 500 ms";
    }

    @Test
    void whatWasSealedOpensAsTheSameFieldOfTheSameItemOnly() {
        Sealer sealer = sealer("t1", "user:u1");
        Sealed sealed = sealer.seal("n1", "body", CLEAR);
        assertThat(sealed.subject()).isEqualTo("user:u1");
        assertThat(sealer.open("n1", "body", sealed)).isEqualTo(CLEAR);
        assertThat(sealer.seal("n1", "body", CLEAR).box()).isNotEqualTo(sealed.box());

        assertThatIllegalArgumentException().isThrownBy(() -> sealer.open("n2", "body", sealed));
        assertThatIllegalArgumentException().isThrownBy(() -> sealer.open("n1", "token", sealed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer("t2", "user:u1").open("n1", "body", sealed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer("t1", "user:u2").open("n1", "body", sealed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer("t1", "user:u2").open("n1", "body", new Sealed("user:u2", sealed.box())));
        byte[] altered = sealed.box().clone();
        altered[altered.length - 1] ^= 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer.open("n1", "body", new Sealed("user:u1", altered)));
    }

    @Test
    void theAssociatedDataIsTenantItemAndField() throws Exception {
        SubjectKeyset.make(MasterKey.of(StoreConfigs.TEST_MASTER_KEY), "t1", "tenant");
        Aead aead = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
        Sealed sealed = new TinkSealer("t1", "tenant", aead, null).seal("i", "f", CLEAR);
        assertThat(aead.decrypt(sealed.box(), "t1\0i\0f".getBytes(UTF_8))).isEqualTo(CLEAR);
    }

    @Test
    void fingerprintsAreEqualForEqualContentOfOneSubject() {
        String print = sealer("t1", "user:f").fingerprint(CLEAR);
        assertThat(Base64.getUrlDecoder().decode(print)).hasSize(16);
        assertThat(print).doesNotContain("=");
        assertThat(sealer("t1", "user:f").fingerprint(CLEAR)).isEqualTo(print);
        assertThat(sealer("t1", "user:f").fingerprint("other".getBytes(UTF_8))).isNotEqualTo(print);
        assertThat(sealer("t1", "user:g").fingerprint(CLEAR)).isNotEqualTo(print);
    }

    @Test
    void keysOutliveTheNode() {
        Sealed sealed = sealer("t1", "user:restart").seal("n", "body", CLEAR);
        String print = sealer("t1", "user:restart").fingerprint(CLEAR);
        restart();
        Sealer again = await(sealing().existing("t1", "user:restart")).orElseThrow();
        assertThat(again.open("n", "body", sealed)).isEqualTo(CLEAR);
        assertThat(again.fingerprint(CLEAR)).isEqualTo(print);
    }

    @Test
    void existingMakesNoKey() {
        assertThat(await(sealing().existing("t1", "user:nobody"))).isEmpty();
        assertThat(node.number("SELECT COUNT(*) FROM subject_keys WHERE subject = 'user:nobody'"))
                .isZero();
        sealer("t1", "user:nobody");
        assertThat(await(sealing().existing("t1", "user:nobody"))).isPresent();
    }

    @Test
    void aHitIsCompleteAlready() {
        sealer("t1", "user:hit");
        assertThat(sealing().sealer("t1", "user:hit").toCompletableFuture()).isDone();
        assertThat(sealing().existing("t1", "user:hit").toCompletableFuture()).isDone();
    }

    @Test
    void nodesThatRaceGetOneKey() {
        try (TestNode other = TestNode.start(config, settings())) {
            for (int i = 0; i < 20; i++) {
                String subject = "user:race" + i;
                List<CompletionStage<Sealer>> sealers = new ArrayList<>();
                List<CompletionStage<Optional<Sealer>>> looks = new ArrayList<>();
                for (TestNode each : List.of(node, other)) {
                    looks.add(each.persistence.sealing().existing("t1", subject));
                    sealers.add(each.persistence.sealing().sealer("t1", subject));
                }
                Sealed sealed = await(sealers.get(0)).seal("n", "body", CLEAR);
                assertThat(await(sealers.get(1)).open("n", "body", sealed)).isEqualTo(CLEAR);
                looks.forEach(look -> await(look));
            }
        }
    }

    @Test
    void anErasedSubjectCannotBeOpenedAnyMoreOnAnyNode() {
        try (TestNode other = TestNode.start(config, settings())) {
            Sealed sealed = sealer("t1", "user:erased").seal("n", "body", CLEAR);
            assertThat(await(other.persistence.sealing().existing("t1", "user:erased")))
                    .isPresent();
            await(node.persistence.subjectKeys().erase("t1", "user:erased"));
            assertThat(await(sealing().existing("t1", "user:erased"))).isEmpty();
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> await(
                            other.persistence.sealing().existing("t1", "user:erased"))
                    .isEmpty());
            Sealer renewed = sealer("t1", "user:erased");
            assertThatIllegalArgumentException().isThrownBy(() -> renewed.open("n", "body", sealed));
        }
    }

    @Test
    void aRowCopiedToAnotherSubjectDoesNotOpen() {
        sealer("t1", "user:copied");
        node.execute("INSERT INTO subject_keys SELECT tenant, 'user:thief', aead_keyset, mac_keyset, created_at_ms"
                + " FROM subject_keys WHERE subject = 'user:copied'");
        assertThatThrownBy(() -> sealer("t1", "user:thief")).hasStackTraceContaining("cannot be unwrapped");
    }

    private Sealing sealing() {
        return node.persistence.sealing();
    }

    private Sealer sealer(String tenant, String subject) {
        return await(sealing().sealer(tenant, subject));
    }
}
