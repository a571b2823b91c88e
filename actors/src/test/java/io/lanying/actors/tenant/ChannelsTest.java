package io.lanying.actors.tenant;

import static io.lanying.actors.tenant.Commands.APNS;
import static io.lanying.actors.tenant.Commands.FCM;
import static io.lanying.protocol.ErrorCode.IDEMPOTENCY_KEY_REUSED;
import static io.lanying.protocol.ErrorCode.LIMIT_REACHED;
import static io.lanying.protocol.ErrorCode.NOT_FOUND;
import static io.lanying.protocol.ErrorCode.UNKNOWN_VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.ChannelsAre;
import io.lanying.protocol.tenant.TenantReply.CredentialInfo;
import io.lanying.protocol.tenant.TenantReply.CredentialIs;
import io.lanying.protocol.tenant.TenantReply.CredentialRestored;
import io.lanying.protocol.tenant.TenantReply.CredentialStored;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a tenant decides about its credentials, without Akka. */
class ChannelsTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private TenantState state = TenantState.initial();
    private Instant now = T0;

    ChannelsTest() {
        happen(state.create(Commands.create("t1", "Acme", nobody()), now));
    }

    @Test
    void whenPut_thenItIsWhatTheChannelRunsWith() {
        assertThat(put(APNS, "a"))
                .isEqualTo(new CredentialStored(
                        new TenantReply.ChannelView(
                                APNS, List.of(new CredentialInfo(1, "key a", T0, Optional.empty(), Optional.empty()))),
                        true));

        assertThat(state.getCredential(APNS).reply())
                .isEqualTo(new CredentialIs(
                        new ChannelCredential(APNS, 1, Commands.secret("a"), "key a", T0, Optional.empty())));
        refused(state.getCredential(FCM), NOT_FOUND);
    }

    @Test
    void whenOtherContentIsPut_thenItIsANewVersion_andTheSameContentIsNot() {
        put(APNS, "a");
        put(APNS, "b");
        assertThat(versions(APNS)).containsExactly(2L, 1L);
        assertThat(current()).isEqualTo("b");

        long before = state.eventSeq();
        assertThat(put(APNS, "b")).isInstanceOfSatisfying(CredentialStored.class, stored -> assertThat(stored.created())
                .isFalse());
        assertThat(state.eventSeq()).isEqualTo(before);
    }

    @Test
    void theLastFiveVersionsAreKept() {
        for (int i = 1; i <= 7; i++) {
            put(APNS, "content" + i);
        }
        assertThat(versions(APNS)).containsExactly(7L, 6L, 5L, 4L, 3L);
        refused(state.restoreCredential(Commands.restore("c1", APNS, 2, nobody()), now), UNKNOWN_VERSION);
    }

    @Test
    void whenAnEarlierVersionIsRestored_thenItIsANewVersionWithTheOldContent_andForthAgain() {
        put(APNS, "a");
        put(APNS, "b");

        assertThat(restore("c1", 1)).isEqualTo(new CredentialRestored(3, false));
        assertThat(current()).isEqualTo("a");
        assertThat(restore("c2", 2)).isEqualTo(new CredentialRestored(4, false));
        assertThat(current()).isEqualTo("b");
        assertThat(channels().get(0).versions().get(1).restored()).contains(1L);
    }

    @Test
    void whenTheSameRestoringComesAgain_thenTheFirstAnswerAndNothingHappens() {
        put(APNS, "a");
        put(APNS, "b");
        restore("c1", 1);
        put(APNS, "c");

        long before = state.eventSeq();
        assertThat(restore("c1", 1)).isEqualTo(new CredentialRestored(3, true));
        refused(state.restoreCredential(Commands.restore("c1", APNS, 2, nobody()), now), IDEMPOTENCY_KEY_REUSED);
        assertThat(state.eventSeq()).isEqualTo(before);
        assertThat(current()).isEqualTo("c");

        happen(state.delete(now));
        assertThat(restore("c1", 1)).isEqualTo(new CredentialRestored(3, true));
    }

    @Test
    void whenWhatIsNotThereIsRestored_thenRefusedForGood() {
        happen(state.restoreCredential(Commands.restore("c1", APNS, 1, nobody()), now));
        put(APNS, "a");

        Decision again = state.restoreCredential(Commands.restore("c1", APNS, 1, nobody()), now);
        assertThat(again.events()).isEmpty();
        assertThat(again.reply()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(NOT_FOUND);
            assertThat(refused.repeated()).isTrue();
        });
    }

    @Test
    void whenDeleted_thenNothingOfItIsKept_butItsNumbersCountOn() {
        put(APNS, "a");
        put(FCM, "f");
        assertThat(happen(state.deleteCredential(APNS, now))).isEqualTo(new Deleted());

        refused(state.getCredential(APNS), NOT_FOUND);
        assertThat(channels()).extracting(TenantReply.ChannelView::channel).containsExactly(FCM);
        assertThat(state.toSnapshot().channels().get(0).kept()).isEmpty();
        refused(state.restoreCredential(Commands.restore("c1", APNS, 1, nobody()), now), NOT_FOUND);
        assertThat(state.deleteCredential(APNS, now).events()).isEmpty();

        put(APNS, "a");
        assertThat(versions(APNS)).containsExactly(2L);
    }

    @Test
    void whenTheTenantIsDeleted_thenItsCredentialsAreGone_andANewOneDoesNotReuseNumbers() {
        put(APNS, "a");
        happen(state.delete(now));

        refused(state.getCredential(APNS), NOT_FOUND);
        refused(state.getChannels(), NOT_FOUND);
        refused(state.putCredential(Commands.putCredential(APNS, "a", nobody()), now), NOT_FOUND);
        happen(state.create(Commands.create("t2", "Acme", nobody()), now));
        assertThat(channels()).isEmpty();
        put(APNS, "z");
        assertThat(versions(APNS)).containsExactly(2L);
    }

    @Test
    void thereAreAsManyChannelsAsMayBe() {
        for (int i = 0; i < Channels.MAX; i++) {
            put(new ChannelId("c" + i, "production"), "a");
        }
        refused(state.putCredential(Commands.putCredential(APNS, "a", nobody()), now), LIMIT_REACHED);
        assertThat(put(new ChannelId("c7", "production"), "b")).isInstanceOf(CredentialStored.class);
    }

    private static @Nullable ActorRef<TenantReply> nobody() {
        return null;
    }

    private TenantReply put(ChannelId channel, String content) {
        return happen(state.putCredential(Commands.putCredential(channel, content, nobody()), now));
    }

    private TenantReply restore(String requestKey, long version) {
        return happen(state.restoreCredential(Commands.restore(requestKey, APNS, version, nobody()), now));
    }

    private TenantReply happen(Decision decision) {
        decision.events().forEach(event -> state = state.apply(event));
        assertThat(TenantState.fromSnapshot(state.toSnapshot())).isEqualTo(state);
        return decision.reply();
    }

    private List<TenantReply.ChannelView> channels() {
        return ((ChannelsAre) state.getChannels().reply()).channels();
    }

    private List<Long> versions(ChannelId id) {
        return channels().stream()
                .filter(channel -> channel.channel().equals(id))
                .flatMap(channel -> channel.versions().stream())
                .map(CredentialInfo::version)
                .toList();
    }

    private String current() {
        var credential = ((CredentialIs) state.getCredential(APNS).reply()).credential();
        return new String(credential.secret().box(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void refused(Decision decision, ErrorCode code) {
        assertThat(decision.reply()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(code));
    }
}
