package io.lanying.http.device;

import io.lanying.http.auth.Secrets;
import io.lanying.protocol.EntityId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ids derived from tenant, device and idempotency key, so that a repeated command has the id of the first, on whichever node
 * it arrives; and with the device's own id at the end, so that the command's device is found again without a lookup.
 */
public final class DerivedId {

    /** 125 bits. */
    private static final int HASH_CHARACTERS = 25;

    private static final Pattern NOTIFICATION = Pattern.compile("n[a-z2-7]{" + HASH_CHARACTERS + "}~.{1,64}");

    private static final Pattern OF_MANY = Pattern.compile("n[a-z2-7]{" + HASH_CHARACTERS + "}");

    private DerivedId() {}

    public static String of(String prefix, EntityId device, String idempotencyKey) {
        byte[] hash = Secrets.sha256(device.tenant() + "\0" + device.id() + "\0" + idempotencyKey);
        return prefix + Secrets.base32(hash).substring(0, HASH_CHARACTERS) + "~" + device.id();
    }

    /** The id of a notification to many, or for later: of the tenant alone. */
    public static String ofMany(String prefix, String tenant, String idempotencyKey) {
        return prefix
                + Secrets.base32(Secrets.sha256(tenant + "\0" + idempotencyKey)).substring(0, HASH_CHARACTERS);
    }

    /** Whether it can be the id of a notification to many. */
    public static boolean isOfMany(String notificationId) {
        return OF_MANY.matcher(notificationId).matches();
    }

    /** The device of a notification's id; empty if it cannot be the id of a notification to one device. */
    public static Optional<EntityId> deviceOf(String tenant, String notificationId) {
        if (!NOTIFICATION.matcher(notificationId).matches()) {
            return Optional.empty();
        }
        String device = notificationId.substring(HASH_CHARACTERS + 2);
        return EntityId.isValid(device) ? Optional.of(new EntityId(tenant, device)) : Optional.empty();
    }
}
