package io.lanying.http.journal;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.PushOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device's state after its first {@code eventSeq} events, as auditors see it. */
record StateJson(long eventSeq, Instant at, DeviceState state) {

    static StateJson of(DeviceSnapshot snapshot) {
        return new StateJson(snapshot.eventSeq(), snapshot.at(), DeviceState.of(snapshot));
    }

    /**
     * @param registration absent while the device is not registered
     * @param answered the commands whose repeats are recognised, oldest first
     * @param conversations how far the device knows them
     */
    record DeviceState(
            int binding,
            Optional<Registration> registration,
            Optional<Stream> stream,
            Optional<Attachment> attachment,
            List<Answered> answered,
            List<DeviceSnapshot.KnownConversation> conversations) {

        static DeviceState of(DeviceSnapshot snapshot) {
            return new DeviceState(
                    snapshot.binding(),
                    snapshot.registration()
                            .map(known -> new Registration(
                                    known.registeredAt(),
                                    known.userId(),
                                    ProfileJson.of(known.profile()),
                                    known.ownerSettings().map(owner -> SettingsJson.of(owner.settings())),
                                    known.suppressed().stream()
                                            .map(Suppressed::of)
                                            .toList())),
                    snapshot.stream().map(Stream::of),
                    snapshot.attachment().map(session -> new Attachment(session.sessionId(), session.since())),
                    snapshot.remembered().stream().map(Answered::of).toList(),
                    snapshot.conversations());
        }
    }

    /**
     * @param ownerSettings absent while the owner has never had any
     * @param suppressed tokens that get nothing for a while
     */
    record Registration(
            Instant registeredAt,
            Optional<String> userId,
            ProfileJson profile,
            Optional<SettingsJson> ownerSettings,
            List<Suppressed> suppressed) {}

    record Suppressed(String channel, String environment, Optional<String> topic, String token, Instant until) {

        static Suppressed of(DeviceSnapshot.Suppressed suppressed) {
            return new Suppressed(
                    suppressed.channel().channel(),
                    suppressed.channel().environment(),
                    suppressed.topic(),
                    suppressed.token(),
                    suppressed.until());
        }
    }

    /**
     * @param badge the number on the app's icon that pushes made; absent while none did
     * @param setAside items whose messages could not be read, by the number they had
     */
    record Stream(
            String streamId,
            long ackedSeq,
            long lastSeq,
            long exposedSeq,
            List<Open> open,
            List<Gone> gone,
            List<Open> vendorOnly,
            List<Vendor> vendors,
            Optional<DeviceSnapshot.BadgeState> badge,
            List<Open> setAside) {

        static Stream of(DeviceSnapshot.Stream stream) {
            return new Stream(
                    stream.streamId(),
                    stream.ackedSeq(),
                    stream.lastSeq(),
                    stream.exposedSeq(),
                    stream.open().stream().map(Open::of).toList(),
                    stream.gone().stream().map(Gone::of).toList(),
                    stream.vendorOnly().stream().map(Open::of).toList(),
                    stream.vendors().stream().map(Vendor::of).toList(),
                    stream.badge(),
                    stream.setAside().stream().map(Open::of).toList());
        }
    }

    /**
     * What vendors were asked about an item that has not ended.
     *
     * @param offeredTo under way
     * @param takenBy whose vendor took it
     * @param restraint how the owner's wish for quiet restrains it
     * @param quietUntil when the quiet hours end that do
     */
    record Vendor(
            long itemSeq,
            Optional<String> offeredTo,
            Optional<String> takenBy,
            List<String> refusedBy,
            Optional<String> restraint,
            Optional<Instant> quietUntil) {

        static Vendor of(DeviceSnapshot.VendorWork work) {
            return new Vendor(
                    work.itemSeq(),
                    work.offer().map(offer -> offer.channel().toString()),
                    work.takenBy().map(Object::toString),
                    work.refusedBy(),
                    work.quiet().map(quiet -> quiet.restraint().wireName()),
                    work.quiet().flatMap(DeviceSnapshot.Quiet::until));
        }
    }

    record Open(
            long itemSeq,
            long eventSeq,
            String id,
            String kind,
            int bytes,
            Instant acceptedAt,
            Instant expiresAt,
            String priority,
            Optional<String> collapseKey,
            Optional<Long> redeliveryOf,
            Optional<PushOptions> options,
            Optional<MessageRef> message,
            Optional<Receipt> receipt) {

        static Open of(OpenItem item) {
            return new Open(
                    item.itemSeq(),
                    item.eventSeq(),
                    item.id(),
                    item.kind().wireName(),
                    item.bytes(),
                    item.acceptedAt(),
                    item.expiresAt(),
                    item.priority().wireName(),
                    item.collapseKey(),
                    item.redeliveryOf(),
                    item.options(),
                    item.ref(),
                    item.receipt());
        }
    }

    record Gone(long fromSeq, long toSeq, String fate) {

        static Gone of(GoneRange range) {
            return new Gone(range.fromSeq(), range.toSeq(), range.fate().wireName());
        }
    }

    record Attachment(String sessionId, Instant since) {}

    record Answered(
            String requestKey,
            long eventSeq,
            Instant at,
            int binding,
            long firstItemSeq,
            long lastItemSeq,
            Optional<String> fate,
            Optional<String> refused) {

        static Answered of(Remembered command) {
            return new Answered(
                    command.key(),
                    command.eventSeq(),
                    command.at(),
                    command.binding(),
                    command.firstItemSeq(),
                    command.lastItemSeq(),
                    command.fate().map(Fate::wireName),
                    command.refused().map(ErrorCode::wireName));
        }
    }
}
