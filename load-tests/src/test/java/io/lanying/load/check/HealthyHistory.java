package io.lanying.load.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A history as a correct server makes it, with everything in it that a checker must not mistake for a fault. */
final class HealthyHistory {

    static final Target D1 = new Target("a", "d1");
    static final Target D2 = new Target("b", "d2");
    static final Target D3 = new Target("c", "d3");
    static final Target D4 = new Target("c", "d4");
    static final String T3 = "a-vendor-token";
    static final String SECRET = "canary-secret-of-b";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<HistoryEvent> events = new ArrayList<>();
    private long op;

    static History make() {
        HealthyHistory history = new HealthyHistory();
        history.begin();
        history.firstSocket();
        history.afterTheKill();
        history.otherTenant();
        history.newOwner();
        history.byVendor();
        history.anotherDevice();
        history.afterwards();
        return new History(history.events);
    }

    private void begin() {
        add(new HistoryEvent.Window(2));
        add(new HistoryEvent.Canary("b", SECRET, true));
        bind(D1, "u1");
        bind(D2, "u2");
        add(new HistoryEvent.Hello(D1, 1, "u1", "", 0));
        add(new HistoryEvent.Welcome(D1, 1, "s1", 0, 0));
        accepted(D1, "k1", "n1", false);
        accepted(D1, "k2", "n2", false);
        accepted(D1, "k2", "n2", true);
    }

    private void firstSocket() {
        item(D1, 1, 1, "n1", "k1");
        item(D1, 1, 2, "n2", "k2");
        add(new HistoryEvent.Acked(D1, 1, 1));
        add(new HistoryEvent.Invoked(++op, D1, "k3", "k3"));
        add(new HistoryEvent.Unknown(op, "connection reset"));
        add(new HistoryEvent.Invoked(++op, D1, "k9", "k9"));
        add(new HistoryEvent.Refused(op, 503, "unavailable", true));
    }

    /** 2 is repeated, since it was not acknowledged; 3 had been unknown; 4 was superseded by 5. */
    private void afterTheKill() {
        add(new HistoryEvent.Hello(D1, 2, "u1", "s1", 1));
        add(new HistoryEvent.Welcome(D1, 2, "s1", 1, 3));
        item(D1, 2, 2, "n2", "k2");
        accepted(D1, "k3", "n3", true);
        accepted(D1, "k4", "n4", false);
        accepted(D1, "k5", "n5", false);
        item(D1, 2, 3, "n3", "k3");
        add(new HistoryEvent.Acked(D1, 2, 3));
        add(new HistoryEvent.Gone(D1, 2, 4, 4, "superseded"));
        item(D1, 2, 5, "n5", "k5");
        add(new HistoryEvent.Item(D1, 2, 6, "n5", "push", Optional.of("n5"), Optional.of(5L), "k5"));
        add(new HistoryEvent.Acked(D1, 2, 6));
        add(new HistoryEvent.Received("a", "socket", "{\"t\":\"item\",\"body\":{\"title\":\"k5\"}}"));
    }

    private void otherTenant() {
        add(new HistoryEvent.Hello(D2, 1, "u2", "", 0));
        add(new HistoryEvent.Welcome(D2, 1, "s2", 0, 0));
        accepted(D2, "k1", "n21", false);
        item(D2, 1, 1, "n21", "k1");
        add(new HistoryEvent.Received("b", "socket", "{\"t\":\"item\",\"body\":{\"title\":\"" + SECRET + "\"}}"));
        accepted(D2, "k2", "n22", false);
    }

    /** The second item was not delivered before the device changed hands. */
    private void newOwner() {
        bind(D2, "u3");
        add(new HistoryEvent.Hello(D2, 2, "u3", "", 0));
        add(new HistoryEvent.Welcome(D2, 2, "s3", 0, 0));
        accepted(D2, "k3", "n23", false);
        item(D2, 2, 1, "n23", "k3");
        add(new HistoryEvent.Acked(D2, 2, 1));
        add(new HistoryEvent.Drained(D1, "s1", 6));
        add(new HistoryEvent.Drained(D2, "s3", 1));
    }

    /** An audience of one phone that is away and one that is not there; an unclear answer; the owner changes. */
    private void byVendor() {
        bind(D3, "u4");
        add(new HistoryEvent.TokenGiven(D3, "u4", T3, 1_000));
        bind(D4, "u5");
        add(new HistoryEvent.InvokedMany(++op, "c", List.of("d3", "d4"), "k1", "k1"));
        add(new HistoryEvent.Ok(op, "n31", false));
        asked(T3, "n31", "v31", "k1", HistoryEvent.Shown.REFUSED, 2_000);
        asked(T3, "n31", "v31", "k1", HistoryEvent.Shown.TAKEN, 2_100);
        accepted(D3, "k2", "n32", false);
        asked(T3, "n32", "v32", "k2", HistoryEvent.Shown.UNCLEAR, 2_200);
        asked(T3, "n32", "v32", "k2", HistoryEvent.Shown.TAKEN, 2_300);
        accepted(D3, "k3", "n33", false);
        asked(T3, "n33", "v33", "k3", HistoryEvent.Shown.UNCLEAR, 2_400);
        bind(D3, "u6");
        add(new HistoryEvent.TokenGiven(D3, "u6", T3, 3_000));
        add(new HistoryEvent.TokenGone(D3, "u4", T3, 3_010));
        asked(T3, "n33", "v33", "k3", HistoryEvent.Shown.REFUSED, 3_050);
        accepted(D3, "k4", "n34", false);
        asked(T3, "n34", "v34", "k4", HistoryEvent.Shown.TAKEN, 6_000);
    }

    /** The token goes to another device; what was sent to the first waits there. */
    private void anotherDevice() {
        add(new HistoryEvent.TokenGiven(D4, "u5", T3, 7_000));
        add(new HistoryEvent.TokenGone(D3, "u6", T3, 7_010));
        accepted(D3, "k5", "n35", false);
        accepted(D4, "k6", "n36", false);
        add(new HistoryEvent.Invoked(++op, D4, "k9", "k9"));
        add(new HistoryEvent.Refused(op, 503, "unavailable", true));
        asked(T3, "n36", "v36", "k6", HistoryEvent.Shown.TAKEN, 9_000);
        add(new HistoryEvent.Hello(D3, 1, "u6", "", 0));
        add(new HistoryEvent.Welcome(D3, 1, "s4", 0, 2));
        item(D3, 1, 1, "n34", "k4");
        item(D3, 1, 2, "n35", "k5");
        add(new HistoryEvent.Acked(D3, 1, 2));
        add(new HistoryEvent.Drained(D3, "s4", 2));
        fate(D3, "n31", "acceptedByVendor");
        fate(D4, "n31", "expired");
        fate(D3, "n32", "acceptedByVendor");
        fate(D3, "n33", "rebound");
        fate(D3, "n34", "acknowledged");
        fate(D3, "n35", "acknowledged");
        fate(D4, "n36", "acceptedByVendor");
        event(D3, 1, "deviceRegistered", "{'streamId':'s3'}");
        event(D3, 2, "itemAccepted", "{'itemSeq':1,'id':'n31','kind':'push','ackedSeq':0}");
        event(D3, 3, "vendorAnswered", "{'itemSeq':1,'id':'n31','end':'accepted','attempts':2,'ackedSeq':0}");
        event(D3, 4, "deviceRebound", "{'streamId':'s4'}");
        event(D4, 1, "deviceRegistered", "{'streamId':'s5'}");
        event(D4, 2, "itemAccepted", "{'itemSeq':1,'id':'n31','kind':'push','ackedSeq':0}");
        event(D4, 3, "itemsEnded", "{'itemSeqs':[1],'fate':'expired'}");
        add(new HistoryEvent.CountsRead("c", "n31", Map.of("targeted", 2L, "acceptedByVendor", 1L, "expired", 1L)));
    }

    private void asked(
            String token, String itemId, String vendorId, String content, HistoryEvent.Shown shown, long atMillis) {
        add(new HistoryEvent.VendorAsked("apns", token, itemId, vendorId, content, shown, "answer", 1, atMillis));
    }

    private void afterwards() {
        fate(D1, "n1", "acknowledged");
        fate(D1, "n2", "acknowledged");
        fate(D1, "n3", "acknowledged");
        fate(D1, "n4", "superseded");
        fate(D1, "n5", "acknowledged");
        fate(D2, "n21", "rebound");
        fate(D2, "n22", "rebound");
        fate(D2, "n23", "acknowledged");
        journal();
        add(new HistoryEvent.Measured("threads", 80, 200));
        add(new HistoryEvent.Scanned("server.log", 4_000, List.of()));
        add(new HistoryEvent.Scanned("lanying.mv.db", 400_000, List.of()));
    }

    private void journal() {
        event(1, "deviceRegistered", "{'streamId':'s3','binding':1}");
        event(2, "itemAccepted", "{'itemSeq':1,'id':'n23','ackedSeq':0}");
        event(3, "acknowledged", "{'ackedSeq':1}");
        event(4, "itemAccepted", "{'itemSeq':2,'id':'n24','ackedSeq':1}");
        event(5, "itemsEnded", "{'itemSeqs':[2],'fate':'expired'}");
        add(new HistoryEvent.StateRead(D2, "before the kill", 2, state("s3", 0, 1, 1)));
        add(new HistoryEvent.StateRead(D2, "asOfSeq=2", 2, state("s3", 0, 1, 1)));
        add(new HistoryEvent.StateRead(D2, "asOfSeq=4", 4, state("s3", 1, 2, 2)));
        add(new HistoryEvent.StateRead(D2, "latest", 5, state("s3", 1, 2)));
        add(new HistoryEvent.LiveRead(D2, 5, "s3", 1, 2, 0));
    }

    private void event(long eventSeq, String type, String json) {
        event(D2, eventSeq, type, json);
    }

    private void event(Target at, long eventSeq, String type, String json) {
        add(new HistoryEvent.JournalRead(at, eventSeq, type, parse(json)));
    }

    static JsonNode state(String streamId, long ackedSeq, long lastSeq, long... open) {
        ObjectNode state = JSON.createObjectNode();
        ObjectNode stream = state.putObject("stream");
        stream.put("streamId", streamId).put("ackedSeq", ackedSeq).put("lastSeq", lastSeq);
        for (long number : open) {
            stream.withArray("open").addObject().put("itemSeq", number);
        }
        return parse(state.toString());
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void bind(Target target, String owner) {
        add(new HistoryEvent.BindInvoked(target, owner));
        add(new HistoryEvent.Bound(target, owner));
    }

    private void accepted(Target to, String key, String notificationId, boolean replayed) {
        add(new HistoryEvent.Invoked(++op, to, key, key));
        add(new HistoryEvent.Ok(op, notificationId, replayed));
    }

    private void item(Target at, int epoch, long itemSeq, String id, String content) {
        add(new HistoryEvent.Item(at, epoch, itemSeq, id, "push", Optional.of(id), Optional.empty(), content));
    }

    private void fate(Target at, String notificationId, String fate) {
        add(new HistoryEvent.FateRead(at, notificationId, fate));
    }

    private void add(HistoryEvent event) {
        events.add(event);
    }
}
