package io.lanying.actors.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.actors.replay.FoldedReplay;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random commands at random times: the state is the fold of its events, at every number, and by every road. */
class TenantPropertiesTest {

    private static final EntityId ID = new EntityId("acme", "acme");

    enum Intent {
        CREATE,
        DELETE,
        MAKE_KEY,
        REVOKE_KEY,
        SET_QUOTAS,
        PUT_ROLE,
        DELETE_ROLE,
        PUT_CREDENTIAL,
        RESTORE_CREDENTIAL,
        DELETE_CREDENTIAL,
        PUT_HOOK,
        DELETE_HOOK
    }

    /** @param name small numbers, so that requests repeat and meet */
    record Step(Intent intent, int name, Duration pause) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Duration> pause = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.integers().between(0, 1_000).map(Duration::ofMillis)),
                Tuple.of(1, Arbitraries.integers().between(1, 9).map(Duration::ofDays)),
                Tuple.of(1, Arbitraries.integers().between(1, 900).map(s -> Duration.ofSeconds(-s))));
        return Combinators.combine(
                        Arbitraries.of(Intent.class), Arbitraries.integers().between(0, 5), pause)
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    /** What an entity would have done, and its states from the first on. */
    private record History(List<TenantEvent> events, List<TenantState> states) {

        static History of(List<Step> steps) {
            var events = new ArrayList<TenantEvent>();
            var states = new ArrayList<>(List.of(TenantState.initial()));
            Instant clock = Instant.parse("2026-01-01T00:00:00Z");
            for (Step step : steps) {
                clock = clock.plus(step.pause());
                TenantState state = states.get(states.size() - 1);
                Instant now = clock.isAfter(state.at()) ? clock : state.at();
                for (TenantEvent event : decide(state, step, now).events()) {
                    events.add(event);
                    states.add(states.get(states.size() - 1).apply(event));
                }
            }
            return new History(events, states);
        }

        private static Decision decide(TenantState state, Step step, Instant now) {
            return switch (step.intent()) {
                case CREATE -> state.create(Commands.create("t" + step.name(), "name" + step.name() % 2, null), now);
                case DELETE -> state.delete(now);
                case MAKE_KEY ->
                    state.createApiKey(Commands.createApiKey("r" + step.name(), "k" + step.name(), null), now);
                case REVOKE_KEY -> state.revokeApiKey("k" + step.name(), now);
                case SET_QUOTAS -> state.setQuotas(new Quotas(Optional.of(step.name() + 1), Optional.empty()), now);
                case PUT_ROLE -> state.putRole(new Role("role" + step.name() / 2, List.of("scope" + step.name())), now);
                case PUT_CREDENTIAL ->
                    state.putCredential(Commands.putCredential(channel(step.name()), "c" + step.name() / 2, null), now);
                case RESTORE_CREDENTIAL ->
                    state.restoreCredential(
                            Commands.restore("c" + step.name(), channel(step.name()), step.name() / 2 + 1, null), now);
                case DELETE_CREDENTIAL -> state.deleteCredential(channel(step.name()), now);
                case PUT_HOOK ->
                    state.putMessageHook(
                            Commands.putMessageHook(
                                    "u" + step.name() % 2,
                                    step.name() < 3 ? Optional.empty() : Optional.of("s" + step.name()),
                                    1_000,
                                    null),
                            now);
                case DELETE_HOOK -> state.deleteMessageHook(now);
                case DELETE_ROLE -> state.deleteRole("role" + step.name() / 2, now);
            };
        }
    }

    private static ChannelId channel(int name) {
        return name % 2 == 0 ? Commands.APNS : Commands.FCM;
    }

    @Property(tries = 300)
    void noVersionOfACredentialEverMeansTwoContents(@ForAll("steps") List<Step> steps) {
        var contents = new HashMap<String, Sealed>();
        for (TenantEvent event : History.of(steps).events()) {
            var put = event instanceof TenantEvent.CredentialPut first
                    ? Optional.of(first.credential())
                    : event instanceof TenantEvent.CredentialRestored again
                            ? Optional.of(again.credential())
                            : Optional.<ChannelCredential>empty();
            put.ifPresent(credential -> assertThat(
                            contents.put(credential.channel() + " " + credential.version(), credential.secret()))
                    .isNull());
        }
    }

    @Property(tries = 300)
    void theFoldFromAnySnapshotIsTheState(@ForAll("steps") List<Step> steps) {
        History history = History.of(steps);

        for (int n = 0; n <= history.events().size(); n++) {
            TenantState state = TenantState.fromSnapshot(history.states().get(n).toSnapshot());
            assertThat(state).isEqualTo(history.states().get(n));
            for (TenantEvent event :
                    history.events().subList(n, history.events().size())) {
                state = state.apply(event);
            }
            assertThat(state).isEqualTo(history.states().get(history.events().size()));
        }
    }

    @Property(tries = 300)
    void theReplayIsTheStateAtEveryNumberAndTime(@ForAll("steps") List<Step> steps) throws Exception {
        History history = History.of(steps);
        var replay = new FoldedReplay(journal(history.events()));

        assertThat(asOf(replay, 0)).isNull();
        for (int n = 1; n <= history.events().size(); n++) {
            TenantState expected = history.states().get(n);
            assertThat(asOf(replay, n)).isEqualTo(new StateAsOf(n, expected.at(), expected.toSnapshot()));

            Instant time = history.events().get(n - 1).at();
            int last = lastAtOrBefore(history.events(), time);
            TenantSnapshot then = history.states().get(last).toSnapshot();
            assertThat(replay.asOfTime(EntityKind.TENANT, ID, time)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS))
                    .contains(new StateAsOf(last, time, then));
        }
    }

    @Property(tries = 300)
    void whatIsPromisedHoldsAfterEveryEvent(@ForAll("steps") List<Step> steps) {
        History history = History.of(steps);

        Instant before = Instant.MIN;
        for (int n = 1; n <= history.events().size(); n++) {
            TenantState state = history.states().get(n);
            assertThat(state.eventSeq()).isEqualTo(n);
            assertThat(state.at()).isAfterOrEqualTo(before);
            before = state.at();
            Instant at = state.at();
            var remembered = state.toSnapshot().remembered();
            assertThat(remembered)
                    .hasSizeLessThanOrEqualTo(AnsweredRequests.LIMIT)
                    .allSatisfy(kept -> assertThat(kept.at()).isAfter(at.minus(AnsweredRequests.KEPT_FOR)));
            assertThat(remembered.stream().map(TenantSnapshot.Remembered::requestKey))
                    .doesNotHaveDuplicates();
            if (state.get().reply() instanceof TenantView view) {
                assertThat(view.apiKeys().stream().map(TenantEvent.ApiKey::keyId))
                        .doesNotHaveDuplicates();
                assertThat(view.roles().stream().map(Role::name)).doesNotHaveDuplicates();
            }
        }
    }

    @Property(tries = 300)
    void aRequestHasOneEffectWithinSevenDays(@ForAll("steps") List<Step> steps) {
        List<TenantEvent> events = History.of(steps).events();

        for (int i = 0; i < events.size(); i++) {
            for (int j = i + 1; j < events.size(); j++) {
                boolean sameRequest = requestKey(events.get(i)).equals(requestKey(events.get(j)));
                Duration apart =
                        Duration.between(events.get(i).at(), events.get(j).at());
                assertThat(sameRequest && apart.compareTo(AnsweredRequests.KEPT_FOR) < 0)
                        .as("%s and %s", events.get(i), events.get(j))
                        .isFalse();
            }
        }
    }

    private static String requestKey(TenantEvent event) {
        if (event instanceof TenantEvent.TenantCreated created) {
            return created.requestKey();
        }
        if (event instanceof TenantEvent.ApiKeyCreated created) {
            return created.requestKey();
        }
        if (event instanceof TenantEvent.CredentialRestored restored) {
            return restored.requestKey();
        }
        return event instanceof TenantEvent.RequestRefused refused
                ? refused.requestKey()
                : "none " + System.identityHashCode(event);
    }

    private static int lastAtOrBefore(List<TenantEvent> events, Instant time) {
        int last = 0;
        for (int i = 0; i < events.size(); i++) {
            if (!events.get(i).at().isAfter(time)) {
                last = i + 1;
            }
        }
        return last;
    }

    private static StateAsOf asOf(FoldedReplay replay, long eventSeq) throws Exception {
        return replay.asOfSeq(EntityKind.TENANT, ID, eventSeq)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .orElse(null);
    }

    /** A journal whose pages are shorter than asked for. */
    private static Journal journal(List<TenantEvent> events) {
        return (kind, entity, from, to, limit) -> {
            var page = new ArrayList<JournalEvent>();
            for (long seq = from; seq <= Math.min(to, events.size()) && page.size() < 7; seq++) {
                page.add(new JournalEvent(seq, events.get((int) seq - 1)));
            }
            return CompletableFuture.completedFuture(page);
        };
    }
}
