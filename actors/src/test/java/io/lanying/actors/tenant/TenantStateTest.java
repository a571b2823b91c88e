package io.lanying.actors.tenant;

import static io.lanying.protocol.ErrorCode.IDEMPOTENCY_KEY_REUSED;
import static io.lanying.protocol.ErrorCode.LIMIT_REACHED;
import static io.lanying.protocol.ErrorCode.NOT_FOUND;
import static io.lanying.protocol.ErrorCode.SECRET_ALREADY_SHOWN;
import static io.lanying.protocol.ErrorCode.TENANT_EXISTS;
import static io.lanying.protocol.ErrorCode.TOO_MANY_REQUESTS;
import static io.lanying.protocol.ErrorCode.UNKNOWN_ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyCreated;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import io.lanying.protocol.tenant.TenantEvent.CredentialDeleted;
import io.lanying.protocol.tenant.TenantEvent.CredentialPut;
import io.lanying.protocol.tenant.TenantEvent.CredentialRestored;
import io.lanying.protocol.tenant.TenantEvent.MessageHookDeleted;
import io.lanying.protocol.tenant.TenantEvent.MessageHookPut;
import io.lanying.protocol.tenant.TenantEvent.QuotasChanged;
import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantEvent.RoleDeleted;
import io.lanying.protocol.tenant.TenantEvent.RolePut;
import io.lanying.protocol.tenant.TenantEvent.TenantCreated;
import io.lanying.protocol.tenant.TenantEvent.TenantDeleted;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.ApiKeyMade;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.QuotasAre;
import io.lanying.protocol.tenant.TenantReply.Refused;
import io.lanying.protocol.tenant.TenantReply.RoleIs;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a tenant decides, without Akka. */
class TenantStateTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = T0.plusSeconds(60);
    private static final Duration WEEK = Duration.ofDays(7);

    private static final TenantEvent CREATED =
            new TenantCreated(T0, "Acme", Commands.signingKey("sk-t1"), "t1", "f-Acme", Optional.of(Commands.REGION));
    private static final TenantEvent DELETED = new TenantDeleted(T0);
    private static final Role READER = new Role("reader", List.of("devices:read"));
    private static final Quotas QUOTAS = new Quotas(Optional.of(10), Optional.empty());

    private static TenantState given(TenantEvent... events) {
        TenantState state = TenantState.initial();
        for (TenantEvent event : events) {
            state = state.apply(event);
        }
        return state;
    }

    private static @Nullable ActorRef<TenantReply> nobody() {
        return null;
    }

    private static Create create(String requestKey, String name) {
        return Commands.create(requestKey, name, nobody());
    }

    private static CreateApiKey createApiKey(String requestKey, String keyId) {
        return Commands.createApiKey(requestKey, keyId, nobody());
    }

    private static ApiKey apiKey(String keyId) {
        return new ApiKey(keyId, "orders", List.of("*"), "hash-of-" + keyId, T0, Optional.empty(), List.of());
    }

    private static TenantEvent keyCreated(String requestKey, String keyId) {
        return new ApiKeyCreated(T0, apiKey(keyId), requestKey, "f-" + requestKey);
    }

    private static void thenRefused(Decision decision, ErrorCode code, boolean repeated) {
        assertThat(decision.events()).isEmpty();
        assertThat(decision.reply()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.repeated()).isEqualTo(repeated);
            assertThat(refused.detail()).isNotEqualTo(code.wireName());
        });
    }

    @Nested
    class GivenNoTenant {

        @Test
        void whenCreated_thenItExistsWithoutKeys() {
            Decision decision = given().create(create("t1", "Acme"), T0);

            assertThat(decision.events()).containsExactly(CREATED);
            assertThat(decision.reply()).isEqualTo(Commands.view("Acme", T0, List.of(), "sk-t1", false));
        }

        @Test
        void whenAskedFor_thenNotFound() {
            thenRefused(given().get(), NOT_FOUND, false);
        }

        @Test
        void whenDeletedOrAKeyRevoked_thenThatIsSoAlready() {
            assertThat(given().delete(T0)).isEqualTo(Decision.answer(new Deleted()));
            assertThat(given().revokeApiKey("k", T0)).isEqualTo(Decision.answer(new Deleted()));
        }

        @Test
        void whenAKeyIsMade_thenRefusedForGood() {
            Decision decision = given().createApiKey(createApiKey("r1", "k1"), T0);

            var refused = new RequestRefused(T0, "r1", "f-r1", NOT_FOUND);
            assertThat(decision.events()).containsExactly(refused);
            thenRefused(given(refused).createApiKey(createApiKey("r1", "k9"), T1), NOT_FOUND, true);
            thenRefused(given(refused, CREATED).createApiKey(createApiKey("r1", "k9"), T1), NOT_FOUND, true);
        }
    }

    @Nested
    class GivenATenant {

        @Test
        void whenTheSameRequestComesAgain_thenTheFirstAnswer() {
            Decision decision = given(CREATED, keyCreated("r1", "k1")).create(create("t1", "Acme"), T1);

            assertThat(decision.events()).isEmpty();
            assertThat(decision.reply()).isEqualTo(Commands.view("Acme", T0, List.of(), "sk-t1", true));
        }

        @Test
        void whenItsRequestKeyComesWithAnotherContent_thenRefused() {
            thenRefused(given(CREATED).create(create("t1", "Other"), T1), IDEMPOTENCY_KEY_REUSED, false);
        }

        @Test
        void whenCreatedByAnotherRequest_thenRefusedForGood() {
            Decision decision = given(CREATED).create(create("t2", "Acme"), T1);

            var refused = new RequestRefused(T1, "t2", "f-Acme", TENANT_EXISTS);
            assertThat(decision.events()).containsExactly(refused);
            thenRefused(given(CREATED, refused).create(create("t2", "Acme"), T1), TENANT_EXISTS, true);
            thenRefused(
                    given(CREATED, refused, new TenantDeleted(T1)).create(create("t2", "Acme"), T1),
                    TENANT_EXISTS,
                    true);
        }

        @Test
        void whenAKeyIsMade_thenItIsListed() {
            Decision decision = given(CREATED).createApiKey(createApiKey("r1", "k1"), T0);

            assertThat(decision.events()).containsExactly(keyCreated("r1", "k1"));
            assertThat(decision.reply()).isEqualTo(new ApiKeyMade(apiKey("k1")));
            assertThat(given(CREATED, keyCreated("r1", "k1")).get().reply())
                    .isEqualTo(Commands.view("Acme", T0, List.of(apiKey("k1")), "sk-t1", false));
        }

        @Test
        void whenAKeyIsMadeAgain_thenItsSecretIsNotShownAgain() {
            thenRefused(
                    given(CREATED, keyCreated("r1", "k1")).createApiKey(createApiKey("r1", "k9"), T1),
                    SECRET_ALREADY_SHOWN,
                    true);
        }

        @Test
        void whenAKeyOfThisIdExists_thenThereIsNoSecond() {
            thenRefused(
                    given(CREATED, keyCreated("r1", "k1")).createApiKey(createApiKey("r2", "k1"), T1),
                    SECRET_ALREADY_SHOWN,
                    false);
        }

        @Test
        void whenAKeyIsRevoked_thenItIsGone() {
            Decision decision = given(CREATED, keyCreated("r1", "k1")).revokeApiKey("k1", T1);

            assertThat(decision).isEqualTo(new Decision(List.of(new ApiKeyRevoked(T1, "k1")), new Deleted()));
            TenantState revoked = given(CREATED, keyCreated("r1", "k1"), new ApiKeyRevoked(T1, "k1"));
            assertThat(revoked.get().reply())
                    .isInstanceOfSatisfying(
                            TenantView.class, view -> assertThat(view.apiKeys()).isEmpty());
            assertThat(revoked.revokeApiKey("k1", T1)).isEqualTo(Decision.answer(new Deleted()));
        }

        @Test
        void whenItHasAsManyKeysAsItMay_thenTheNextIsRefusedForGood() {
            TenantState full = given(Stream.concat(
                            Stream.of(CREATED),
                            IntStream.range(0, PresentTenant.MAX_API_KEYS).mapToObj(i -> keyCreated("r" + i, "k" + i)))
                    .toArray(TenantEvent[]::new));

            Decision decision = full.createApiKey(createApiKey("one-more", "k"), T1);

            var refused = new RequestRefused(T1, "one-more", "f-one-more", LIMIT_REACHED);
            assertThat(decision.events()).containsExactly(refused);
            TenantState after = full.apply(refused).apply(new ApiKeyRevoked(T1, "k7"));
            thenRefused(after.createApiKey(createApiKey("one-more", "k"), T1), LIMIT_REACHED, true);
            assertThat(after.createApiKey(createApiKey("another", "k"), T1).reply())
                    .isInstanceOf(ApiKeyMade.class);
        }

        @Test
        void whenDeleted_thenItIsGoneWithItsKeys() {
            assertThat(given(CREATED).delete(T1))
                    .isEqualTo(new Decision(List.of(new TenantDeleted(T1)), new Deleted()));
            thenRefused(given(CREATED, DELETED).get(), NOT_FOUND, false);
            TenantState again = given(
                    CREATED,
                    keyCreated("r1", "k1"),
                    DELETED,
                    new TenantCreated(
                            T1, "Acme", Commands.signingKey("sk-t2"), "t2", "f-Acme", Optional.of(Commands.REGION)));
            assertThat(again.get().reply()).isEqualTo(Commands.view("Acme", T1, List.of(), "sk-t2", false));
        }

        @Test
        void whenDeleted_thenARepeatOfItsCreationDoesNotBringItBack() {
            Decision decision = given(CREATED, DELETED).create(create("t1", "Acme"), T1);

            assertThat(decision.events()).isEmpty();
            assertThat(decision.reply()).isInstanceOfSatisfying(TenantView.class, view -> {
                assertThat(view.createdAt()).isEqualTo(T0);
                assertThat(view.repeated()).isTrue();
            });
        }
    }

    @Nested
    class GivenRolesAndQuotas {

        private final TenantEvent rolePut = new RolePut(T0, READER);

        @Test
        void whenARoleIsPut_thenItIsShown_andPuttingItAgainChangesNothing() {
            assertThat(given(CREATED).putRole(READER, T0))
                    .isEqualTo(new Decision(List.of(rolePut), new RoleIs(READER, true)));
            assertThat(view(given(CREATED, rolePut)).roles()).containsExactly(READER);
            assertThat(given(CREATED, rolePut).putRole(READER, T1))
                    .isEqualTo(Decision.answer(new RoleIs(READER, false)));
        }

        @Test
        void whenARolesScopesChange_thenItKeepsItsPlace() {
            var writer = new Role("writer", List.of("devices:write"));
            var wider = new Role("reader", List.of("devices:read", "journal:read"));
            TenantState state = given(CREATED, rolePut, new RolePut(T0, writer));

            assertThat(state.putRole(wider, T1))
                    .isEqualTo(new Decision(List.of(new RolePut(T1, wider)), new RoleIs(wider, false)));
            assertThat(view(state.apply(new RolePut(T1, wider))).roles()).containsExactly(wider, writer);
        }

        @Test
        void whenARoleIsDeleted_thenItIsGone_andKeysKeepItsName() {
            var key = new ApiKey("k1", "n", List.of(), "h", T0, Optional.empty(), List.of("reader"));
            TenantState state = given(CREATED, rolePut, new ApiKeyCreated(T0, key, "r1", "f"));

            assertThat(state.deleteRole("reader", T1))
                    .isEqualTo(new Decision(List.of(new RoleDeleted(T1, "reader")), new Deleted()));
            TenantState without = state.apply(new RoleDeleted(T1, "reader"));
            assertThat(view(without).roles()).isEmpty();
            assertThat(view(without).apiKeys()).containsExactly(key);
            assertThat(without.deleteRole("reader", T1)).isEqualTo(Decision.answer(new Deleted()));
        }

        @Test
        void whenThereAreAsManyRolesAsMayBe_thenNoOther() {
            TenantState state = given(CREATED);
            for (int i = 0; i < Roles.MAX; i++) {
                state = state.apply(new RolePut(T0, new Role("r" + i, List.of("*"))));
            }

            thenRefused(state.putRole(READER, T1), LIMIT_REACHED, false);
            assertThat(state.putRole(new Role("r7", List.of("devices:read")), T1)
                            .events())
                    .hasSize(1);
        }

        @Test
        void whenAKeyNamesARole_thenTheRoleMustBeThere() {
            var command = new CreateApiKey(
                    "k1", "n", List.of(), List.of("reader"), "h", Optional.empty(), "r1", "f-r1", nobody());

            assertThat(given(CREATED, rolePut).createApiKey(command, T1).reply())
                    .isInstanceOfSatisfying(
                            ApiKeyMade.class,
                            made -> assertThat(made.apiKey().roles()).containsExactly("reader"));
            var refused = new RequestRefused(T1, "r1", "f-r1", UNKNOWN_ROLE);
            assertThat(given(CREATED).createApiKey(command, T1).events()).containsExactly(refused);
            thenRefused(given(CREATED, refused, rolePut).createApiKey(command, T1), UNKNOWN_ROLE, true);
        }

        @Test
        void whenQuotasAreSet_thenTheyAreShown_andSettingThemAgainChangesNothing() {
            var changed = new QuotasChanged(T1, QUOTAS);

            assertThat(given(CREATED).setQuotas(QUOTAS, T1))
                    .isEqualTo(new Decision(List.of(changed), new QuotasAre(QUOTAS)));
            assertThat(view(given(CREATED, changed)).quotas()).contains(QUOTAS);
            assertThat(given(CREATED, changed).setQuotas(QUOTAS, T1)).isEqualTo(Decision.answer(new QuotasAre(QUOTAS)));
            assertThat(given(CREATED).setQuotas(Quotas.UNLIMITED, T1).events()).isEmpty();
        }

        @Test
        void whenThereIsNoTenant_thenNeither() {
            thenRefused(given().putRole(READER, T0), NOT_FOUND, false);
            thenRefused(given().setQuotas(QUOTAS, T0), NOT_FOUND, false);
            assertThat(given().deleteRole("reader", T0)).isEqualTo(Decision.answer(new Deleted()));
        }

        @Test
        void whenTheTenantIsMadeAgain_thenItStartsWithout() {
            TenantState again = given(CREATED, rolePut, new QuotasChanged(T0, QUOTAS), DELETED, CREATED);

            assertThat(view(again).roles()).isEmpty();
            assertThat(view(again).quotas()).isEmpty();
        }

        @Test
        void whenItIsOlderThanRegions_thenItsHomeIsTheDefault() {
            TenantState old = given(
                    new TenantCreated(T0, "Acme", Commands.signingKey("sk-t1"), "t1", "f-Acme", Optional.empty()));

            assertThat(view(old).region()).isEqualTo(TenantView.DEFAULT_REGION);
            assertThat(view(given(CREATED)).region()).isEqualTo(Commands.REGION);
        }

        private static TenantView view(TenantState state) {
            return (TenantView) state.get().reply();
        }
    }

    @Nested
    class GivenManyRequests {

        @Test
        void whenSevenDaysAreOver_thenTheKeyIsNewAgain() {
            Instant lastMoment = T0.plus(WEEK).minusMillis(1);

            assertThat(given(CREATED).create(create("t1", "Acme"), lastMoment).events())
                    .isEmpty();
            assertThat(given(CREATED)
                            .create(create("t1", "Acme"), T0.plus(WEEK))
                            .events())
                    .containsExactly(new RequestRefused(T0.plus(WEEK), "t1", "f-Acme", TENANT_EXISTS));
        }

        @Test
        void whenSevenDaysAreOver_thenTheNextEventForgets() {
            TenantState later = given(CREATED, new RequestRefused(T0.plus(WEEK), "t1", "f-Acme", TENANT_EXISTS));

            assertThat(later.toSnapshot().remembered()).singleElement().satisfies(kept -> assertThat(kept.refused())
                    .contains(TENANT_EXISTS));
        }

        @Test
        void whenThereIsNoRoomToRemember_thenRefusedRatherThanForgotten() {
            TenantState state = given(CREATED);
            for (int i = 1; i < AnsweredRequests.LIMIT; i++) {
                state = state.apply(new RequestRefused(T1, "r" + i, "f", TENANT_EXISTS));
            }

            thenRefused(state.createApiKey(createApiKey("new", "k"), T1), TOO_MANY_REQUESTS, false);
            thenRefused(state.create(create("new", "Acme"), T1), TOO_MANY_REQUESTS, false);
            assertThat(state.create(create("t1", "Acme"), T1).reply()).isInstanceOf(TenantView.class);
            assertThat(state.createApiKey(createApiKey("new", "k"), T0.plus(WEEK))
                            .reply())
                    .isInstanceOf(ApiKeyMade.class);
        }
    }

    @Test
    void theRowSaysWhatTheStateSays() {
        assertThat(given(CREATED, keyCreated("r1", "k1")).toRow("acme"))
                .isEqualTo(new TenantRow("acme", "Acme", T0, 2, false));
        assertThat(given(CREATED, new TenantDeleted(T1)).toRow("acme"))
                .isEqualTo(new TenantRow("acme", "", T1, 2, true));
    }

    @Test
    void aJournalThatIsNoTenantsIsRefused() {
        assertThatThrownBy(() -> given(DELETED)).hasMessageContaining("TenantDeleted cannot follow event 0");
        assertThatThrownBy(() -> given(keyCreated("r1", "k1"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> given(CREATED, CREATED)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everyEventHasATransition() {
        var events = List.of(
                CREATED,
                DELETED,
                keyCreated("r1", "k1"),
                new ApiKeyRevoked(T0, "k1"),
                new QuotasChanged(T0, Quotas.UNLIMITED),
                new RolePut(T0, READER),
                new RoleDeleted(T0, "reader"),
                new CredentialPut(
                        T0,
                        new ChannelCredential(Commands.APNS, 1, Commands.secret("a"), "key a", T0, Optional.empty()),
                        "f-a"),
                new CredentialRestored(
                        T0,
                        new ChannelCredential(Commands.APNS, 2, Commands.secret("a"), "key a", T0, Optional.empty()),
                        "f-a",
                        1,
                        "c1",
                        "f"),
                new CredentialDeleted(T0, Commands.APNS),
                new MessageHookPut(
                        T0, new MessageHook(1, Commands.print("u"), Commands.print("s"), 1_000, OnSilence.ALLOW, T0)),
                new MessageHookDeleted(T0),
                new RequestRefused(T0, "r2", "f", LIMIT_REACHED));

        assertThat(events)
                .allSatisfy(event -> assertThat(TenantTransitions.of(event)).isNotNull());
        assertThat(events.stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrder(TenantEvent.class.getPermittedSubclasses());
    }
}
