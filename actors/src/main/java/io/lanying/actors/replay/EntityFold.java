package io.lanying.actors.replay;

import io.lanying.actors.conversation.ConversationState;
import io.lanying.actors.device.DeviceFold;
import io.lanying.actors.notification.NotificationPartState;
import io.lanying.actors.notification.NotificationState;
import io.lanying.actors.position.PositionsState;
import io.lanying.actors.tenant.TenantState;
import io.lanying.actors.token.TokenOwnerState;
import io.lanying.actors.user.UserState;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationPartEvent;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.user.UserEvent;
import java.time.Instant;

/** The pure fold of one kind's events. */
sealed interface EntityFold {

    static EntityFold of(EntityKind kind) {
        return switch (kind) {
            case DEVICE -> new OfDevice(DeviceFold.initial());
            case TENANT -> new OfTenant(TenantState.initial());
            case USER -> new OfUser(UserState.initial());
            case TOKEN_OWNER -> new OfTokenOwner(TokenOwnerState.initial());
            case NOTIFICATION -> new OfNotification(NotificationState.initial());
            case NOTIFICATION_PART -> new OfPart(NotificationPartState.initial());
            case CONVERSATION -> new OfConversation(ConversationState.initial());
            case POSITIONS -> new OfPositions(PositionsState.initial());
        };
    }

    EntityFold apply(Persisted event);

    Instant timeOf(Persisted event);

    Persisted toSnapshot();

    private static <E> E as(Class<E> type, Persisted event) {
        if (!type.isInstance(event)) {
            throw new IllegalStateException(event.getClass().getName() + " is no " + type.getSimpleName());
        }
        return type.cast(event);
    }

    record OfDevice(DeviceFold state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfDevice(state.apply(as(DeviceEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(DeviceEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.toSnapshot();
        }
    }

    record OfTokenOwner(TokenOwnerState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfTokenOwner(state.apply(as(TokenOwnerEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(TokenOwnerEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.snapshot();
        }
    }

    record OfTenant(TenantState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfTenant(state.apply(as(TenantEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(TenantEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.toSnapshot();
        }
    }

    record OfNotification(NotificationState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfNotification(state.apply(as(NotificationEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(NotificationEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.data();
        }
    }

    record OfPart(NotificationPartState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfPart(state.apply(as(NotificationPartEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(NotificationPartEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.toSnapshot();
        }
    }

    record OfConversation(ConversationState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfConversation(state.apply(as(ConversationEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(ConversationEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.toSnapshot();
        }
    }

    record OfPositions(PositionsState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfPositions(state.apply(as(PositionsEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(PositionsEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.toSnapshot();
        }
    }

    record OfUser(UserState state) implements EntityFold {

        @Override
        public EntityFold apply(Persisted event) {
            return new OfUser(state.apply(as(UserEvent.class, event)));
        }

        @Override
        public Instant timeOf(Persisted event) {
            return as(UserEvent.class, event).at();
        }

        @Override
        public Persisted toSnapshot() {
            return state.data();
        }
    }
}
