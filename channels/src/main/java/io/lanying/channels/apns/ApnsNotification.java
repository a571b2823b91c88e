package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.ApnsPushNotification;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request, and how far it has come. Pushy asks for the token when it hands the request to a connection, and at no other
 * time: this is what tells "certainly not sent" from "may have been sent", and how a request that was given up while it waited
 * for a connection is kept from leaving later.
 */
final class ApnsNotification implements ApnsPushNotification {

    /** A stream that Apple refuses is sent again by Pushy, at once and without end; beyond this the connection is bad. */
    private static final int MAX_HAND_OVERS = 8;

    private final String token;
    private final String topic;
    private final String payload;
    private final Instant expiration;
    private final DeliveryPriority priority;
    private final ApnsPushType pushType;
    private final @Nullable String collapseId;
    private final UUID apnsId;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private int handOvers; // on one connection's thread only

    private enum Stage {
        WAITING,
        HANDED_OVER,
        REFUSED,
        GIVEN_UP
    }

    ApnsNotification(
            String token,
            String topic,
            String payload,
            Instant expiration,
            DeliveryPriority priority,
            ApnsPushType pushType,
            @Nullable String collapseId,
            UUID apnsId) {
        this.token = token;
        this.topic = topic;
        this.payload = payload;
        this.expiration = expiration;
        this.priority = priority;
        this.pushType = pushType;
        this.collapseId = collapseId;
        this.apnsId = apnsId;
    }

    /** Whether nothing of it can have reached Apple. */
    boolean hasCertainlyNotLeft() {
        return stage.get() == Stage.WAITING;
    }

    /** Whether Apple said, too often, that it did nothing with it. */
    boolean isRefusedForGood() {
        return stage.get() == Stage.REFUSED;
    }

    /**
     * Ends it: what has not left does not leave any more.
     *
     * @return whether it had certainly not left
     */
    boolean giveUp() {
        Stage before = stage.getAndSet(Stage.GIVEN_UP);
        return before == Stage.WAITING || before == Stage.REFUSED;
    }

    /** {@inheritDoc} Called once for each attempt to write it; throwing fails that attempt. */
    @Override
    public String getToken() {
        if (!stage.compareAndSet(Stage.WAITING, Stage.HANDED_OVER) && stage.get() != Stage.HANDED_OVER) {
            throw new IllegalStateException("given up before it could be written");
        }
        handOvers++;
        if (handOvers > MAX_HAND_OVERS) {
            stage.compareAndSet(Stage.HANDED_OVER, Stage.REFUSED);
            throw new IllegalStateException("refused again and again");
        }
        return token;
    }

    @Override
    public String getPayload() {
        return payload;
    }

    @Override
    public Instant getExpiration() {
        return expiration;
    }

    @Override
    public DeliveryPriority getPriority() {
        return priority;
    }

    @Override
    public PushType getPushType() {
        return pushType.pushy();
    }

    @Override
    public String getTopic() {
        return topic;
    }

    @Override
    public @Nullable String getCollapseId() {
        return collapseId;
    }

    @Override
    public UUID getApnsId() {
        return apnsId;
    }

    /** Says which it is, not what it says. */
    @Override
    public String toString() {
        return "ApnsNotification[" + apnsId + "]";
    }
}
