package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.node.cli.NotificationSender.Sent;
import java.io.PrintWriter;
import java.util.List;

/** The quickstart's last act: why an item is where it is, the journal of its device, and that device as it was. */
final class QuickstartLookBack {

    private static final int EVENTS_SHOWN = 8;

    private final PrintWriter out;
    private final Audit audit;

    QuickstartLookBack(PrintWriter out, Audit audit) {
        this.out = out;
        this.audit = audit;
    }

    void tell(String device, List<Sent> sent) {
        String notification = sent.stream()
                .filter(one -> one.line().lane().equals(device))
                .findFirst()
                .map(Sent::text)
                .orElseThrow(() -> new CommandFailed("nothing was sent to " + device));
        why(notification, device);
        journal(device);
        stateAsOf(device);
        out.flush();
    }

    private void why(String notification, String device) {
        JsonNode why = audit.why(notification, device);
        out.println();
        out.println("GET /v1/notifications/" + notification + "/devices/" + device + "/why");
        out.println("  " + why.path("fate").asText() + ": " + why.path("reason").asText());
        for (JsonNode entry : why.path("timeline")) {
            out.println("  " + entry.path("at").asText() + " "
                    + entry.path("event").asText() + " " + text(entry.path("detail")));
        }
        if (!why.path("fate").asText().equals("acknowledged")) {
            throw new CommandFailed("mismatch: " + notification + " was acknowledged, why says "
                    + why.path("fate").asText());
        }
    }

    private void journal(String device) {
        out.println();
        out.println("GET /v1/journal/devices/" + device + "/events (the first " + EVENTS_SHOWN + ")");
        for (JsonNode event : audit.events(device, EVENTS_SHOWN)) {
            out.println("  " + event.path("eventSeq").asLong() + " "
                    + event.path("at").asText() + " " + event.path("type").asText());
        }
    }

    private void stateAsOf(String device) {
        JsonNode then = audit.stateAsOf(device, EVENTS_SHOWN);
        out.println();
        out.println("GET /v1/journal/devices/" + device + "/state?asOfSeq=" + EVENTS_SHOWN);
        JsonNode stream = then.path("state").path("stream");
        out.println("  " + then.path("at").asText() + " stream "
                + stream.path("streamId").asText() + ", last item "
                + stream.path("lastSeq").asLong() + ", acknowledged "
                + stream.path("ackedSeq").asLong() + ", open "
                + stream.path("open").size());
        if (then.path("eventSeq").asLong() != EVENTS_SHOWN) {
            throw new CommandFailed("mismatch: the state is as of event "
                    + then.path("eventSeq").asLong());
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.isMissingNode() ? "" : value.toString();
    }
}
