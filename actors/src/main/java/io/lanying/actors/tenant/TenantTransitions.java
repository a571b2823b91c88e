package io.lanying.actors.tenant;

import io.lanying.protocol.tenant.TenantEvent;
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
import java.util.Map;
import java.util.function.BiFunction;

/** Which transition each event makes: a table, so that a test can demand one for every permitted event. */
final class TenantTransitions {

    private static final Map<Class<? extends TenantEvent>, BiFunction<TenantState, TenantEvent, TenantState>> BY_EVENT =
            Map.ofEntries(
                    on(TenantCreated.class, TenantState::created),
                    on(TenantDeleted.class, TenantState::deleted),
                    on(ApiKeyCreated.class, TenantState::withApiKey),
                    on(ApiKeyRevoked.class, TenantState::withoutApiKey),
                    on(QuotasChanged.class, TenantState::withQuotas),
                    on(RolePut.class, TenantState::withRole),
                    on(RoleDeleted.class, TenantState::withoutRole),
                    on(CredentialPut.class, TenantState::withCredential),
                    on(CredentialRestored.class, TenantState::withRestored),
                    on(CredentialDeleted.class, TenantState::withoutCredential),
                    on(MessageHookPut.class, TenantState::withMessageHook),
                    on(MessageHookDeleted.class, TenantState::withoutMessageHook),
                    on(RequestRefused.class, TenantState::withRefusal));

    private TenantTransitions() {}

    static BiFunction<TenantState, TenantEvent, TenantState> of(TenantEvent event) {
        BiFunction<TenantState, TenantEvent, TenantState> transition = BY_EVENT.get(event.getClass());
        if (transition == null) {
            throw new IllegalStateException(
                    "no transition for " + event.getClass().getName());
        }
        return transition;
    }

    private static <E extends TenantEvent>
            Map.Entry<Class<? extends TenantEvent>, BiFunction<TenantState, TenantEvent, TenantState>> on(
                    Class<E> type, BiFunction<TenantState, E, TenantState> transition) {
        return Map.entry(type, (state, event) -> transition.apply(state, type.cast(event)));
    }
}
