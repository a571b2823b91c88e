package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.channels.simulator.fcm.FcmRecorded;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * The quickstart's act with push vendors: phones that are away, reached through simulators of Apple's and Google's services over
 * real HTTP/2 and HTTP. Ends with the act: the node that is left behind knows nothing of them.
 */
final class QuickstartVendors implements AutoCloseable {

    /** Whose the phones are. */
    static final String OWNER = "grace";

    private static final String IPHONE_TOKEN = "a1".repeat(32);
    private static final String OLD_TOKEN = "0d".repeat(32);
    private static final String ANDROID_TOKEN = "android-phone-token";

    private final PrintWriter out;
    private final LocalState state;
    private final ApnsSimulator apns = ApnsSimulator.start(0);
    private final FcmSimulator fcm = FcmSimulator.start(0);

    QuickstartVendors(PrintWriter out, LocalState state) {
        this.out = out;
        this.state = state;
    }

    /** What a node must be started with to use the simulators. */
    Map<String, String> environment() {
        Path trust = state.path("apns-simulator.pem");
        try {
            apns.writeTrust(trust);
        } catch (IOException e) {
            throw new CommandFailed("cannot write " + trust, e);
        }
        return Map.of(
                "LANYING_APNS_ENDPOINT", apns.endpoint(),
                "LANYING_APNS_TRUST", trust.toString(),
                "LANYING_FCM_ENDPOINT", fcm.endpoint(),
                "LANYING_FCM_TOKEN_ENDPOINT", fcm.tokenEndpoint());
    }

    /** Gives the tenant channels to both vendors, and phones that are away. */
    void open(Api api) {
        say("Phones that are away, reached through push vendors (simulated on this machine)");
        put(api, "/v1/channels/apns/production", SimulatedCredentials.apns(apns));
        put(api, "/v1/channels/fcm/production", SimulatedCredentials.fcm(fcm));
        register(api, "iphone", "ios", "apns", IPHONE_TOKEN);
        register(api, "android-phone", "android", "fcm", ANDROID_TOKEN);
        register(api, "old-iphone", "ios", "apns", OLD_TOKEN);
    }

    void tell(Api api) {
        Audit audit = new Audit(api);
        taken(audit, api);
        goneToken(audit, api);
        outage(audit, api);
    }

    /** Takes the channels away: the node that is left behind knows nothing of the simulators. */
    void shut(Api api) {
        delete(api, "/v1/channels/apns/production");
        delete(api, "/v1/channels/fcm/production");
    }

    private void taken(Audit audit, Api api) {
        String iphone = send(api, "iphone", "Your parcel has arrived");
        explain(audit, iphone, "iphone", "acceptedByVendor");
        ReceivedPush push = apnsGot(iphone);
        out.println("  the APNs simulator got it over HTTP/2: topic " + push.header("apns-topic") + ", "
                + push.payload().length() + " bytes");
        String android = send(api, "android-phone", "Your parcel has arrived");
        explain(audit, android, "android-phone", "acceptedByVendor");
        out.println("  the FCM simulator got it over HTTP: " + fcmGot(android).path());
    }

    private void goneToken(Audit audit, Api api) {
        apns.rules(ApnsRule.always(ApnsReaction.reject(410, "Unregistered")).to(OLD_TOKEN));
        String old = send(api, "old-iphone", "Are you there?");
        QuickstartStory.await(
                "the token that is gone was unbound",
                () -> get(api, "/v1/devices/old-iphone").path("tokens").isEmpty());
        explain(audit, old, "old-iphone", "pending");
        out.println("  GET /v1/devices/old-iphone shows no vendor token any more");
    }

    private void outage(Audit audit, Api api) {
        apns.pause();
        String during = send(api, "iphone", "Sent while Apple is away");
        QuickstartStory.await(
                "the item is with the channel",
                () -> audit.why(during, "iphone").path("timeline").toString().contains("offeredToVendor"));
        out.println("  iphone: offered while the vendor's connections are refused, fate "
                + audit.why(during, "iphone").path("fate").asText());
        apns.resume();
        explain(audit, during, "iphone", "acceptedByVendor");
        long copies = apns.received().stream()
                .filter(one -> one.isAccepted() && one.payload().contains(during))
                .count();
        if (copies != 1) {
            throw new CommandFailed("mismatch: the vendor took " + copies + " copies");
        }
    }

    /** What became of a message to the owner's phones: one in each vendor's hands. */
    void explainMessage(Api api, String messageId) {
        Audit audit = new Audit(api);
        explain(audit, messageId, "iphone", "acceptedByVendor");
        ReceivedPush push = apnsGot(messageId);
        JsonNode alert = Json.parse(push.payload()).at("/aps/alert");
        out.println("  the iphone of " + OWNER + " shows, by the APNs simulator: "
                + alert.path("title").asText() + ": "
                + alert.path("body").asText());
        explain(audit, messageId, "android-phone", "acceptedByVendor");
        fcmGot(messageId);
    }

    private ReceivedPush apnsGot(String id) {
        return apns.received().stream()
                .filter(one -> one.isAccepted() && one.payload().contains(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailed("mismatch: the APNs simulator did not get " + id));
    }

    private FcmRecorded fcmGot(String id) {
        return fcm.recordedSends().stream()
                .filter(one -> one.isAccepted() && one.body().contains(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailed("mismatch: the FCM simulator did not get " + id));
    }

    /** Waits for the fate and prints the story of it. */
    private void explain(Audit audit, String notification, String device, String fate) {
        QuickstartStory.await(
                device + " is " + fate + ": "
                        + audit.why(notification, device).path("reason").asText(),
                () -> audit.why(notification, device).path("fate").asText().equals(fate)
                        && audit.why(notification, device)
                                .path("timeline")
                                .toString()
                                .contains("vendorAnswered"));
        JsonNode why = audit.why(notification, device);
        out.println("  " + device + ": " + fate + ", " + why.path("reason").asText());
        for (JsonNode entry : why.path("timeline")) {
            JsonNode detail = entry.path("detail");
            out.println("    " + entry.path("at").asText() + " "
                    + entry.path("event").asText() + " "
                    + detail.path("channel").asText() + " "
                    + detail.path("cause").asText(detail.path("code").asText())
                    + (detail.has("attempts")
                            ? ", attempts " + detail.path("attempts").asInt()
                            : ""));
        }
        out.flush();
    }

    private static String send(Api api, String device, String title) {
        ObjectNode body = Json.object();
        body.putObject("audience").putArray("devices").add(device);
        body.putObject("message").put("title", title);
        return call(
                        "POST /v1/notifications",
                        () -> api.post(
                                "/v1/notifications", body, UUID.randomUUID().toString()))
                .path("notificationId")
                .asText();
    }

    private static void register(Api api, String device, String platform, String channel, String token) {
        ObjectNode body = Json.object().put("userId", OWNER).put("platform", platform);
        body.putArray("tokens").addObject().put("channel", channel).put("token", token);
        call("PUT /v1/devices/" + device, () -> api.put("/v1/devices/" + device, body));
    }

    private void put(Api api, String path, byte[] credential) {
        JsonNode answer =
                call("PUT " + path, () -> api.put(path, Json.parse(new String(credential, StandardCharsets.UTF_8))));
        out.println("  PUT " + path + ": version " + answer.path("version").asLong() + ", "
                + answer.path("summary").asText());
    }

    private static void delete(Api api, String path) {
        call("DELETE " + path, () -> api.delete(path));
    }

    private static JsonNode get(Api api, String path) {
        return call("GET " + path, () -> api.get(path));
    }

    private void say(String line) {
        out.println();
        out.println(line);
        out.flush();
    }

    private static JsonNode call(String name, QuickstartTenant.Call call) {
        return QuickstartTenant.call(name, call);
    }

    @Override
    public void close() {
        apns.close();
        fcm.close();
    }
}
