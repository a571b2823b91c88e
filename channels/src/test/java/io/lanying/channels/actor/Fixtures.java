package io.lanying.channels.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests, credentials and limits as tests need them. */
public final class Fixtures {

    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    public static final String TENANT = "acme";
    public static final ChannelId FAKE = new ChannelId("fake", "production");

    /** Nothing is serialized here, and what would do it is not a dependency of this module. */
    public static final Config NO_SERIALIZATION = ConfigFactory.parseString(
            "akka.actor.serialization-bindings { \"io.lanying.protocol.Persisted\" = none, \"io.lanying.protocol.Remoted\" = none }");

    private Fixtures() {}

    /** A push to this device, with the token {@code token-<device>}, that expires an hour after noon. */
    public static VendorRequest request(String device) {
        return request(TENANT, device, Priority.NORMAL, NOON.plus(Duration.ofHours(1)));
    }

    public static VendorRequest request(String tenant, String device, Priority priority, Instant expiresAt) {
        String itemId = "n-" + device;
        byte[] body =
                "{\"title\":\"T\",\"data\":{\"k\":\"v\"},\"category\":\"standard\"}".getBytes(StandardCharsets.UTF_8);
        return new VendorRequest(
                tenant,
                device,
                itemId,
                1,
                new VendorToken(
                        FAKE.channel(),
                        Optional.empty(),
                        Optional.empty(),
                        OpenSealing.seal(
                                "device:" + device,
                                device,
                                "token",
                                ("token-" + device).getBytes(StandardCharsets.UTF_8)),
                        "fingerprint-" + device,
                        NOON),
                OpenSealing.seal("device:" + device, itemId, "body", body),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                priority,
                Category.STANDARD,
                expiresAt);
    }

    /** A push to a device of this channel, for another hour from now by the machine's clock. */
    public static VendorRequest request(ChannelId channel, String device, String token) {
        VendorRequest request =
                request(TENANT, device, Priority.NORMAL, Instant.now().plus(Duration.ofHours(1)));
        VendorToken own = new VendorToken(
                channel.channel(),
                Optional.of(channel.environment()),
                Optional.empty(),
                OpenSealing.seal("device:" + device, device, "token", token.getBytes(StandardCharsets.UTF_8)),
                "fingerprint-" + device,
                NOON);
        return with(request, own, request.body());
    }

    /** The same with another token and body. */
    static VendorRequest with(VendorRequest request, VendorToken token, Sealed body) {
        return new VendorRequest(
                request.tenant(),
                request.deviceId(),
                request.itemId(),
                request.itemSeq(),
                token,
                body,
                request.vendorBlocks(),
                request.collapseKey(),
                request.badge(),
                request.silent(),
                request.priority(),
                request.category(),
                request.expiresAt());
    }

    /** The same of another category. */
    static VendorRequest with(VendorRequest request, Category category) {
        return new VendorRequest(
                request.tenant(),
                request.deviceId(),
                request.itemId(),
                request.itemSeq(),
                request.token(),
                request.body(),
                request.vendorBlocks(),
                request.collapseKey(),
                request.badge(),
                request.silent(),
                request.priority(),
                category,
                request.expiresAt());
    }

    public static ChannelCredential credential(ChannelId channel, long version, String json) {
        Sealed secret =
                OpenSealing.seal("tenant", channel.toString(), "credential", json.getBytes(StandardCharsets.UTF_8));
        return new ChannelCredential(channel, version, secret, "a key", NOON, Optional.empty());
    }

    public static VendorAnswer answer(ResultClass result) {
        return result == ResultClass.ACCEPTED
                ? VendorAnswer.accepted(Optional.of("vendor-id"))
                : VendorAnswer.of(result, "code-" + result.wireName());
    }

    static ChannelLimits limits(String overrides) {
        Config config = ConfigFactory.parseString("push.channels.actor {" + overrides + "}")
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve();
        return ChannelLimits.from(config, FAKE.channel());
    }

    static Claims claims() {
        return new Claims(
                Integer.MAX_VALUE,
                new AtomicInteger(),
                Integer.MAX_VALUE,
                new ChannelMeters(new SimpleMeterRegistry(), FAKE));
    }
}
