package io.lanying.micro;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.sealing.Sealed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What is measured with: pushes of 300 bytes to one person's device. */
public final class Samples {

    public static final Instant AT = Instant.parse("2026-11-30T08:15:30.123Z");
    public static final String TENANT = "acme";
    public static final String DEVICE = "phone-4711";
    public static final String SUBJECT = "user:person-4711";

    private static final long TTL_SECONDS = 259_200;
    private static final int BYTES = 300;
    private static final String PRINT = "ZmluZ2VycHJpbnQgb2YgaXQ";

    private static final String APPLE_PAYLOAD =
            "{\"aps\":{\"alert\":{" + message().replace(",\"data\":{", "}},").replaceAll("}$", "") + ",\"lanyingId\":\""
                    + notificationId(42) + "\"}";

    private Samples() {}

    /** The members of a message that make a body of 300 bytes, without the braces and the category. */
    public static String message() {
        String start = "\"title\":\"Your parcel is on its way\",\"body\":\"";
        String end = "\",\"data\":{\"order\":\"2026-11-30-4711\"}";
        int rest = BYTES - start.length() - end.length() - "{,\"category\":\"standard\"}".length();
        return start + "x".repeat(rest) + end;
    }

    /** A push's body as devices get it. */
    public static byte[] body() {
        return ("{" + message() + ",\"category\":\"standard\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** What Apple gets of it, ready made: as our channel writes it. */
    public static String applePayload() {
        return APPLE_PAYLOAD;
    }

    /** As long as those that are derived from idempotency keys. */
    public static String notificationId(int number) {
        return "n%026d~%s".formatted(number, DEVICE);
    }

    /** A body's box as long as Tink's: key's id, nonce and tag are 33 bytes. */
    public static Sealed sealedBody() {
        byte[] box = new byte[BYTES + 33];
        new Random(4711).nextBytes(box);
        return new Sealed(SUBJECT, box);
    }

    public static DeviceRegistered registered() {
        var profile = new Profile(
                "web",
                Optional.of("kitchen"),
                List.of("beta"),
                Optional.of("zh-CN"),
                Optional.of("Asia/Shanghai"),
                Optional.of("4.2.0"),
                List.of());
        return new DeviceRegistered(AT, Optional.of("person-4711"), 1, "s1", profile);
    }

    /** The push of this number, journaled as the item of this number. */
    public static ItemAccepted accepted(int number, long ackedSeq) {
        return new ItemAccepted(
                AT,
                number,
                notificationId(number),
                ItemKind.PUSH,
                Optional.of(sealedBody()),
                Optional.of(PRINT),
                BYTES,
                AT.plusSeconds(TTL_SECONDS),
                Priority.NORMAL,
                Optional.empty(),
                ackedSeq);
    }

    /** The journal of a registered device that was given so many pushes and acknowledged none. */
    public static List<DeviceEvent> journal(int pushes) {
        var events = new ArrayList<DeviceEvent>(pushes + 1);
        events.add(registered());
        for (int number = 1; number <= pushes; number++) {
            events.add(accepted(number, 0));
        }
        return events;
    }

    public static AcceptPush push(int number, ActorRef<DeviceReply> replyTo) {
        return new AcceptPush(
                notificationId(number),
                sealedBody(),
                PRINT,
                BYTES,
                TTL_SECONDS,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                replyTo);
    }

    /** Thrown by a set-up whose benchmark would measure something else. */
    public static IllegalStateException wrong(Object answer) {
        return new IllegalStateException("this is not what is to be measured: " + answer);
    }
}
