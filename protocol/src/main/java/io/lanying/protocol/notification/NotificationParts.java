package io.lanying.protocol.notification;

import io.lanying.protocol.EntityId;

/**
 * Which companion of a notification keeps the fate of which device: by a hash of the device's id, so that a device needs no
 * more than the notification's id to find it. Never changes.
 */
public final class NotificationParts {

    /** How many companions a notification may have; one exists only if a device of its share was addressed. */
    public static final int COUNT = 256;

    private static final int ID_LENGTH = 26;

    private NotificationParts() {}

    /** The number of the device's companion, 0 to 255. */
    public static int of(String deviceId) {
        return (deviceId.hashCode() * 0x9E3779B9) >>> 24;
    }

    /** The companion with this number. */
    public static EntityId id(EntityId notification, int part) {
        return new EntityId(notification.tenant(), notification.id() + "~" + part);
    }

    /** Whether this is the id of a notification to many, which alone has companions. */
    public static boolean hasParts(String notificationId) {
        return notificationId.length() == ID_LENGTH
                && notificationId.startsWith("n")
                && notificationId.indexOf('~') < 0;
    }
}
