package io.lanying.http.push;

import io.lanying.http.device.DerivedId;
import io.lanying.http.device.SealedAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Puts a push to one device into that device's stream: accepted, deduplicated and stored by the device alone. Thread-safe. */
final class DevicePushes {

    private final SealedAsk devices;

    DevicePushes(SealedAsk devices) {
        this.devices = devices;
    }

    /** The device's answer, {@code PushAccepted} or {@code Refused}; a failed stage means unknown: repeat with the same key. */
    CompletionStage<DeviceReply> send(String tenant, String deviceId, String key, NotificationRequest request) {
        var device = new EntityId(tenant, deviceId);
        var message = request.message();
        String id = DerivedId.of("n", device, key);
        byte[] body = PushBody.bytes(message);
        byte[] canonical = PushBody.canonical(request);
        var blocks = PushBody.vendorBlocks(message);
        int bytes = body.length + blocks.map(block -> block.length).orElse(0);
        return devices.ask(
                device,
                (sealer, replyTo) -> new DeviceCommand.AcceptPush(
                        id,
                        sealer.seal(id, "body", body),
                        sealer.fingerprint(canonical),
                        bytes,
                        request.delivery().ttlSeconds(),
                        message.priority(),
                        message.collapseKey(),
                        request.options().unlessDefault(),
                        blocks.map(block -> sealer.seal(id, "vendors", block)),
                        Optional.empty(),
                        replyTo));
    }
}
