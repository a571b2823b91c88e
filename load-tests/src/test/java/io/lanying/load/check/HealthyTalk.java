package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.Shown;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A history of people talking as a correct server makes it, with everything that a checker must not mistake for a fault. */
final class HealthyTalk {

    static final Target ADA = new Target("a", "ada-1");
    static final Target BOB = new Target("a", "bob-1");
    static final Target BOB_AWAY = new Target("a", "bob-2");
    static final Target CYD = new Target("a", "cyd-1");
    static final Target DAN = new Target("a", "dan-1");
    static final Target ELSEWHERE = new Target("b", "ada-1");
    static final String TOKEN = "bob-2's token";
    static final String DAN_TOKEN = "dan-1's token";
    static final String LONG = "four " + "x".repeat(300);

    private final List<HistoryEvent> events = new ArrayList<>();
    private final Map<Target, Long> itemSeqs = new HashMap<>();
    private int epoch = 1;
    private long op;

    static History make() {
        HealthyTalk talk = new HealthyTalk();
        talk.begin();
        talk.firstMessages();
        talk.throughAKill();
        talk.changes();
        talk.comingAndGoing();
        talk.afterwards();
        return new History(talk.events);
    }

    private void begin() {
        bind(ADA, "ada");
        bind(BOB, "bob");
        bind(BOB_AWAY, "bob");
        add(new HistoryEvent.TokenGiven(BOB_AWAY, "bob", TOKEN, 1_000));
        bind(CYD, "cyd");
        bind(DAN, "dan");
        add(new HistoryEvent.TokenGiven(DAN, "dan", DAN_TOKEN, 1_000));
        bind(ELSEWHERE, "ada");
        add(new TalkEvent.Begun("a", "team", List.of("ada", "bob", "cyd")));
        add(new TalkEvent.Begun("b", "team", List.of("ada")));
        connect(1, 0, 0);
    }

    /** The second is of another tenant's conversation of the same name. */
    private void firstMessages() {
        posted("ada", "k1", "one", 1, true);
        posted("ada", "k1", "one", 1, false);
        tell("message", 1, "ada", "one", ADA, BOB, CYD);
        buzz(1, "one", Shown.REFUSED);
        buzz(1, "one", Shown.TAKEN);
        add(new HistoryEvent.Acked(ADA, 1, 1));
        add(new TalkEvent.PostInvoked(++op, "b", "team", "ada", "k1", "elsewhere"));
        add(new TalkEvent.Posted(op, "team~1", 1, true));
        say(ELSEWHERE, 1, "message", 1, "ada", "elsewhere");
    }

    /** The second message had been posted when the server died, and nobody waits for the third; bob is told the first again. */
    private void throughAKill() {
        unknown("bob", "k2", "two");
        add(new HistoryEvent.Restarted());
        connect(2, 1, 0);
        say(BOB, 1, "message", 1, "ada", "one");
        buzz(1, "one", Shown.TAKEN);
        posted("bob", "k2", "two", 2, false);
        tell("message", 2, "bob", "two", ADA, BOB);
        unknown("cyd", "k3", "three");
        tell("message", 3, "cyd", "three", ADA, BOB);
        buzz(3, "three", Shown.UNCLEAR);
        add(new TalkEvent.PostInvoked(++op, "a", "team", "ada", "k4", LONG));
        add(new HistoryEvent.Refused(op, 503, "unavailable", true));
        posted("ada", "k4", LONG, 4, true);
        tell("message", 4, "ada", LONG, ADA, BOB);
        buzz(4, LONG.substring(0, 199) + "…", Shown.TAKEN);
        add(new TalkEvent.PostInvoked(++op, "a", "team", "eve", "k5", "not mine"));
        add(new HistoryEvent.Refused(op, 422, "notAMember", false));
    }

    /** Cyd had not seen the second before it was recalled; ada's fourth waits for the conversation and comes once more. */
    private void changes() {
        edited(1, "one more");
        tell("edit", 1, "ada", "one more", ADA, BOB);
        add(new TalkEvent.RecallInvoked(++op, "a", "team", 2));
        add(new TalkEvent.Done(op));
        tell("recall", 2, "", "", ADA, BOB);
        gone(CYD, "recalled");
        tell("message", 3, "cyd", "three", CYD);
        tell("message", 4, "ada", LONG, CYD);
        tell("edit", 1, "ada", "one more", CYD);
        connect(3, 3, last(BOB));
        gone(ADA, "superseded");
        tell("edit", 1, "ada", "one more", ADA);
        tell("recall", 2, "", "", ADA);
        tell("message", 4, "ada", LONG, ADA);
    }

    /** Cyd leaves, misses the fifth and an edit, and comes back; dan joins; what was unclear is tried again. */
    private void comingAndGoing() {
        add(new TalkEvent.MemberInvoked(++op, "a", "team", "cyd", false));
        add(new HistoryEvent.Unknown(op, "connection reset"));
        move("cyd", false);
        posted("ada", "k6", "five", 5, true);
        tell("message", 5, "ada", "five", ADA, BOB);
        buzz(5, "five", Shown.TAKEN);
        edited(4, "four again");
        tell("edit", 4, "ada", "four again", ADA, BOB);
        move("cyd", true);
        move("dan", true);
        posted("bob", "k7", "six", 6, true);
        tell("message", 6, "bob", "six", ADA, BOB, CYD, DAN);
        posted("ada", "k8", "seven", 7, true);
        tell("message", 7, "ada", "seven", ADA, BOB, CYD, DAN);
        buzz(7, "seven", Shown.TAKEN);
        add(new HistoryEvent.Item(
                ADA, epoch, last(ADA) + 1, "team~7.r9.10", "receipt", Optional.empty(), Optional.empty(), "|"));
        add(receipt(ADA, 3, 3, 0));
        itemSeqs.merge(ADA, 1L, Long::sum);
    }

    private void afterwards() {
        for (Target device : List.of(ADA, BOB, CYD, DAN, ELSEWHERE)) {
            add(new HistoryEvent.Drained(device, stream(device), last(device)));
        }
        fate(1, "acceptedByVendor");
        fate(2, "recalled");
        fate(3, "pending");
        fate(4, "acceptedByVendor");
        fate(5, "acceptedByVendor");
        fate(6, "pending");
        fate(7, "acceptedByVendor");
        read(1, "ada", "one more", 2);
        add(new TalkEvent.MessageRead("a", "team", 2, "team~2", "bob", "", 1, true));
        read(3, "cyd", "three", 1);
        read(4, "ada", "four again", 2);
        read(5, "ada", "five", 1);
        read(6, "bob", "six", 1);
        read(7, "ada", "seven", 1);
        add(new TalkEvent.MessageRead("b", "team", 1, "team~1", "ada", "elsewhere", 1, false));
    }

    private void bind(Target target, String owner) {
        add(new HistoryEvent.BindInvoked(target, owner));
        add(new HistoryEvent.Bound(target, owner));
    }

    private static String owner(Target target) {
        return target.device().substring(0, 3);
    }

    private static String stream(Target target) {
        return "stream of " + target.device();
    }

    /** New sockets; all but ada's and bob's go on after everything they had. */
    private void connect(int number, long adaAcked, long bobAcked) {
        epoch = number;
        for (Target device : List.of(ADA, BOB, CYD, DAN, ELSEWHERE)) {
            long last = last(device);
            long acked = device.equals(ADA) ? adaAcked : device.equals(BOB) ? bobAcked : last;
            String known = number == 1 ? "" : stream(device);
            add(new HistoryEvent.Hello(device, epoch, owner(device), known, acked));
            add(new HistoryEvent.Welcome(device, epoch, stream(device), acked, last));
            itemSeqs.put(device, acked);
        }
    }

    private long last(Target device) {
        return itemSeqs.getOrDefault(device, 0L);
    }

    private void posted(String sender, String key, String content, long messageSeq, boolean asNew) {
        add(new TalkEvent.PostInvoked(++op, "a", "team", sender, key, content));
        add(new TalkEvent.Posted(op, "team~" + messageSeq, messageSeq, asNew));
    }

    private void unknown(String sender, String key, String content) {
        add(new TalkEvent.PostInvoked(++op, "a", "team", sender, key, content));
        add(new HistoryEvent.Unknown(op, "connection reset"));
    }

    private void edited(long messageSeq, String content) {
        add(new TalkEvent.EditInvoked(++op, "a", "team", messageSeq, content));
        add(new TalkEvent.Done(op));
    }

    private void move(String user, boolean joins) {
        add(new TalkEvent.MemberInvoked(++op, "a", "team", user, joins));
        add(new TalkEvent.Done(op));
    }

    private void tell(String kind, long messageSeq, String sender, String content, Target... devices) {
        for (Target device : devices) {
            say(device, last(device) + 1, kind, messageSeq, sender, content);
        }
    }

    private void say(Target device, long itemSeq, String kind, long messageSeq, String sender, String content) {
        itemSeqs.put(device, itemSeq);
        String id = "team~" + messageSeq;
        add(new HistoryEvent.Item(device, epoch, itemSeq, id, kind, Optional.empty(), Optional.empty(), "|"));
        add(said(device, epoch, itemSeq, kind, messageSeq, sender, content));
    }

    static TalkEvent.Said said(
            Target device, int epoch, long itemSeq, String kind, long messageSeq, String sender, String content) {
        return new TalkEvent.Said(
                device, epoch, itemSeq, kind, "team", messageSeq, "team~" + messageSeq, sender, content);
    }

    /** How far the last message, which is ada's, came. */
    static TalkEvent.Receipt receipt(Target device, int members, int delivered, int read) {
        return new TalkEvent.Receipt(device, 3, 99, "team", 7, 7, 0, members, delivered, read);
    }

    private void gone(Target device, String fate) {
        long itemSeq = itemSeqs.merge(device, 1L, Long::sum);
        add(new HistoryEvent.Gone(device, epoch, itemSeq, itemSeq, fate));
    }

    private void buzz(long messageSeq, String text, Shown shown) {
        add(buzzed(TOKEN, messageSeq, "v" + messageSeq, text, shown));
    }

    static TalkEvent.Buzzed buzzed(String token, long messageSeq, String vendorId, String text, Shown shown) {
        return new TalkEvent.Buzzed(token, "team", "team~" + messageSeq, vendorId, text, shown, 2_000);
    }

    private void fate(long messageSeq, String fate) {
        add(new HistoryEvent.FateRead(BOB_AWAY, "team~" + messageSeq, fate));
    }

    private void read(long messageSeq, String sender, String content, int version) {
        add(new TalkEvent.MessageRead("a", "team", messageSeq, "team~" + messageSeq, sender, content, version, false));
    }

    private void add(HistoryEvent event) {
        events.add(event);
    }
}
