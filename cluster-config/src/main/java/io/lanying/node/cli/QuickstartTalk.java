package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.wire.ServerFrame;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The quickstart's act with people: two who talk to each other, and a group of three, one of whom is away. */
final class QuickstartTalk {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "lunch";

    private final PrintWriter out;
    private final Api api;
    private final QuickstartVendors vendors;

    QuickstartTalk(PrintWriter out, Api api, QuickstartVendors vendors) {
        this.out = out;
        this.api = api;
        this.vendors = vendors;
    }

    /** The third person's phones are those of the vendors' act; they stay away. */
    void tell() {
        out.println();
        out.println("People talking: bob and cyd with their phones open, " + QuickstartVendors.OWNER + " away");
        register("bob-phone", "bob");
        register("cyd-phone", "cyd");
        try (QuickstartDevice bob = open("bob-phone");
                QuickstartDevice cyd = open("cyd-phone")) {
            String pair =
                    begin("{\"type\":\"direct\",\"members\":[{\"userId\":\"bob\"},{\"userId\":\"cyd\"}]}", "pair");
            String first = say("bob", bob, pair, "Lunch at noon?");
            heard(List.of(bob, cyd), first);
            String second = say("cyd", cyd, pair, "Yes. Let us ask " + QuickstartVendors.OWNER + ".");
            heard(List.of(bob, cyd), second);
            begin(
                    "{\"type\":\"group\",\"conversationId\":\"" + GROUP + "\",\"name\":\"Lunch\",\"members\":["
                            + "{\"userId\":\"bob\"},{\"userId\":\"cyd\"},{\"userId\":\"" + QuickstartVendors.OWNER
                            + "\"}]}",
                    GROUP);
            String asked = say("bob", bob, GROUP, "Noon, by the fountain?");
            heard(List.of(bob, cyd), asked);
            vendors.explainMessage(api, asked);
        }
        history(GROUP, 1);
    }

    private void register(String device, String user) {
        ObjectNode body = Json.object().put("userId", user).put("platform", "other");
        QuickstartTenant.call("PUT /v1/devices/" + device, () -> api.put("/v1/devices/" + device, body));
    }

    private QuickstartDevice open(String device) {
        return new QuickstartDevice(
                api.http(),
                api.base(),
                device,
                () -> ListenCommand.sessionToken(api, device),
                true,
                item -> show(device, item));
    }

    private void show(String device, ServerFrame.Item item) {
        synchronized (out) {
            out.println("  " + device + " received " + ListenCommand.describe(item));
            out.flush();
        }
    }

    private String begin(String conversation, String key) {
        JsonNode made = QuickstartTenant.call(
                "POST /v1/conversations",
                () -> api.post("/v1/conversations", Json.parse(conversation), "quickstart-" + key));
        String id = made.path("conversationId").asText();
        synchronized (out) {
            out.println("  POST /v1/conversations: " + made.path("type").asText() + " conversation " + id + ", "
                    + made.path("members").asInt() + " members");
        }
        return id;
    }

    /** On the phone's own connection; returns the message's id. */
    private String say(String user, QuickstartDevice phone, String conversation, String text) {
        Optional<ServerFrame.Reply> reply = phone.say(conversation, text, PATIENCE);
        String messageId = reply.filter(ServerFrame.Reply::ok)
                .map(ServerFrame.Reply::messageId)
                .orElseThrow(() -> new CommandFailed("mismatch: " + user + "'s message was answered "
                        + reply.map(ServerFrame.Reply::code).orElse("by nobody")));
        synchronized (out) {
            out.println("  " + user + " said \"" + text + "\" on the socket: accepted as " + messageId);
        }
        return messageId;
    }

    private static void heard(List<QuickstartDevice> phones, String messageId) {
        for (QuickstartDevice phone : phones) {
            QuickstartStory.await(messageId + " is on every phone", () -> phone.received().stream()
                    .anyMatch(item -> item.id().equals(messageId)));
        }
    }

    private void history(String conversation, int messages) {
        String path = "/v1/conversations/" + conversation + "/messages";
        JsonNode history = QuickstartTenant.call("GET " + path, () -> api.get(path));
        JsonNode items = history.path("items");
        if (items.size() != messages) {
            throw new CommandFailed("mismatch: " + path + " has " + items.size() + " messages, not " + messages);
        }
        for (JsonNode item : items) {
            out.println("  GET " + path + ": " + item.path("messageSeq").asLong() + " "
                    + item.path("senderId").asText() + ": "
                    + item.at("/content/text").asText());
        }
        out.flush();
    }
}
