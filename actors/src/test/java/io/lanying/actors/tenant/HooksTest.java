package io.lanying.actors.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.MessageHookDeleted;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.MessageHookIs;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A tenant's message hook: what is kept, shown and changed. */
class HooksTest {

    private static final Instant T0 = Instant.parse("2026-11-20T08:30:00Z");

    private TenantState state = TenantState.initial();

    private TenantReply happen(Decision decision) {
        for (TenantEvent event : decision.events()) {
            state = state.apply(event);
        }
        return decision.reply();
    }

    private MessageHookIs put(String url, Optional<String> secret, int timeoutMillis) {
        return (MessageHookIs)
                happen(state.putMessageHook(Commands.putMessageHook(url, secret, timeoutMillis, null), T0));
    }

    private void given() {
        happen(state.create(Commands.create("t1", "Acme", null), T0));
    }

    @Test
    void theFirstPutMakesAHookWithTheFreshSecretUnlessOneIsGiven() {
        given();
        var made = put("u1", Optional.empty(), 1_000);
        assertThat(made.created()).isTrue();
        assertThat(made.fresh()).isTrue();
        assertThat(made.hook().secret()).isEqualTo(Commands.print("fresh"));
        assertThat(((TenantView) state.get().reply()).messageHook()).contains(made.hook());
        assertThat(state.getMessageHook()).isEqualTo(Decision.answer(new MessageHookIs(made.hook(), false, false)));
        assertThat(TenantState.fromSnapshot(state.toSnapshot())).isEqualTo(state);

        given();
        happen(state.deleteMessageHook(T0));
        var own = put("u1", Optional.of("own"), 1_000);
        assertThat(own.fresh()).isFalse();
        assertThat(own.hook().secret()).isEqualTo(Commands.print("own"));
    }

    @Test
    void aLaterPutWithoutASecretKeepsTheOneItHas() {
        given();
        MessageHook first = put("u1", Optional.of("own"), 1_000).hook();
        var moved = put("u2", Optional.empty(), 1_000);
        assertThat(moved.created()).isFalse();
        assertThat(moved.fresh()).isFalse();
        assertThat(moved.hook().secret()).isEqualTo(first.secret());
        assertThat(moved.hook().version()).isGreaterThan(first.version());
    }

    @Test
    void whatItIsAlreadyChangesNothing() {
        given();
        put("u1", Optional.of("own"), 1_000);
        long before = state.eventSeq();
        put("u1", Optional.of("own"), 1_000);
        put("u1", Optional.empty(), 1_000);
        assertThat(state.eventSeq()).isEqualTo(before);
        put("u1", Optional.empty(), 2_000);
        put("u1", Optional.of("other"), 2_000);
        assertThat(state.eventSeq()).isEqualTo(before + 2);
    }

    @Test
    void aDeletedHookIsGoneAndItsVersionDoesNotComeBack() {
        given();
        long first = put("u1", Optional.empty(), 1_000).hook().version();
        var deletion = state.deleteMessageHook(T0);
        assertThat(deletion.events()).containsExactly(new MessageHookDeleted(T0));
        happen(deletion);
        assertThat(((TenantView) state.get().reply()).messageHook()).isEmpty();
        assertThat(state.deleteMessageHook(T0).events()).isEmpty();
        assertThat(state.getMessageHook()).isEqualTo(Decision.refused(ErrorCode.NOT_FOUND));
        assertThat(put("u1", Optional.empty(), 1_000).hook().version()).isGreaterThan(first);
    }

    @Test
    void itGoesWithItsTenant() {
        given();
        put("u1", Optional.empty(), 1_000);
        happen(state.delete(T0));
        assertThat(happen(state.putMessageHook(Commands.putMessageHook("u1", Optional.empty(), 1_000, null), T0)))
                .isInstanceOfSatisfying(TenantReply.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(state.deleteMessageHook(T0)).isEqualTo(Decision.answer(new Deleted()));
        happen(state.create(Commands.create("t2", "Acme", null), T0));
        assertThat(((TenantView) state.get().reply()).messageHook()).isEmpty();
    }
}
