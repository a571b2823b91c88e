package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * What devices answered when they were asked to take a notification.
 *
 * @param accepted it is in their streams
 * @param notTargeted they are gone or belong to somebody else by now
 * @param refused they have no room for it
 * @param unknown they did not answer before there was no sense in asking again; they may have it
 */
public record SendCounts(int accepted, int notTargeted, int refused, int unknown) implements Persisted, Remoted {

    public static final SendCounts NONE = new SendCounts(0, 0, 0, 0);

    /** These and those. */
    public SendCounts plus(SendCounts more) {
        return new SendCounts(
                accepted + more.accepted,
                notTargeted + more.notTargeted,
                refused + more.refused,
                unknown + more.unknown);
    }
}
