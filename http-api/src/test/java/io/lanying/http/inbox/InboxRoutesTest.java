package io.lanying.http.inbox;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.session.Waited;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand.AckItems;
import io.lanying.protocol.device.DeviceCommand.ReadInbox;
import io.lanying.protocol.device.DeviceCommand.SetAside;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Inbox;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inbox over a stub device and a stub journal. */
class InboxRoutesTest {

    private static final String PATH = "/v1/device/inbox";

    private final TestApi api = new TestApi();
    private final List<Persisted> journal = new ArrayList<>();
    private String token;

    @BeforeEach
    void start() {
        StubEntities.install(api);
        token = api.deviceToken("acme", "d1");
        journal.add(new DeviceRebound(NOW, Optional.of("u1"), 1, "s1", StubEntities.PROFILE));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void showsItemsAndGoneNumbersAsTheSocketDoes() {
        for (int i = 1; i <= 5; i++) {
            accepted(i);
        }
        inbox(0, 5, List.of(open(1), open(2), open(5)), List.of(new GoneRange(3, 4, Fate.SUPERSEDED)));

        JsonNode answer = read("");

        assertThat(answer.path("streamId").asText()).isEqualTo("s1");
        assertThat(answer.path("ackedSeq").asLong()).isZero();
        assertThat(answer.path("lastSeq").asLong()).isEqualTo(5);
        assertThat(types(answer)).containsExactly("item", "item", "gone", "item");
        assertThat(answer.at("/items/0").toString())
                .isEqualTo("{\"t\":\"item\",\"itemSeq\":1,\"id\":\"n1\",\"notificationId\":\"n1\",\"kind\":\"push\","
                        + "\"at\":\"2026-11-20T08:30:00.000Z\",\"body\":{\"title\":\"1\"}}");
        assertThat(answer.at("/items/2").toString())
                .isEqualTo("{\"t\":\"gone\",\"fromSeq\":3,\"toSeq\":4,\"fate\":\"superseded\"}");
    }

    @Test
    void asksTheDeviceForWhatTheAppAskedFor() {
        inbox(3, 5, List.of(), List.of());
        read("?after=4&limit=7");
        read("");
        assertThat(reads()).hasSize(2);
        assertThat(reads().get(0).afterSeq()).contains(4L);
        assertThat(reads().get(0).limit()).isEqualTo(7);
        assertThat(reads().get(0).binding()).isEqualTo(1);
        assertThat(reads().get(1).afterSeq()).isEmpty();
        assertThat(reads().get(1).limit()).isEqualTo(100);
    }

    @Test
    void repeatsWhatWasAcknowledgedOnlyWhenAskedAndMarksIt() {
        for (int i = 1; i <= 6; i++) {
            accepted(i);
        }
        journal.add(new ItemsEnded(NOW, Fate.EXPIRED, Optional.empty(), List.of(2L, 3L)));
        journal.add(recall(7, "n4"));
        journal.add(new Acknowledged(NOW, 5));
        inbox(5, 7, List.of(open(6), recallItem(7, "n4")), List.of());

        assertThat(read("").path("items")).hasSize(2);
        JsonNode again = read("?after=0");
        assertThat(types(again)).containsExactly("item", "gone", "gone", "item", "item", "item");
        assertThat(again.at("/items/0/repeat").asBoolean()).isTrue();
        assertThat(again.at("/items/0/body/title").asText()).isEqualTo("1");
        assertThat(again.at("/items/1").toString())
                .isEqualTo("{\"t\":\"gone\",\"fromSeq\":2,\"toSeq\":3,\"fate\":\"expired\",\"repeat\":true}");
        assertThat(again.at("/items/2/fate").asText())
                .as("recalled after it was acknowledged")
                .isEqualTo("recalled");
        assertThat(again.at("/items/3/itemSeq").asLong()).isEqualTo(5);
        assertThat(again.at("/items/4/itemSeq").asLong()).isEqualTo(6);
        assertThat(again.at("/items/4").has("repeat")).isFalse();
    }

    @Test
    void cutsRepeatsAtTheLimitWithoutAGap() {
        for (int i = 1; i <= 6; i++) {
            accepted(i);
        }
        inbox(5, 6, List.of(open(6)), List.of());
        assertThat(seqs(read("?after=1&limit=2"))).containsExactly(2L, 3L);
        assertThat(seqs(read("?after=3&limit=3"))).containsExactly(4L, 5L, 6L);
    }

    @Test
    void findsWhatWasAcknowledgedFarBack() {
        IntStream.rangeClosed(1, 2_500).forEach(this::accepted);
        inbox(2_500, 2_500, List.of(), List.of());
        assertThat(seqs(read("?after=10&limit=3"))).containsExactly(11L, 12L, 13L);
        assertThat(read("?after=10&limit=3").at("/items/0/body/title").asText()).isEqualTo("11");
    }

    @Test
    void neverRepeatsFromTheStreamOfAnEarlierOwner() {
        accepted(1);
        accepted(2);
        journal.add(new DeviceRebound(NOW, Optional.of("u1"), 2, "s2", StubEntities.PROFILE));
        accepted(1, "mine");
        inbox(1, 1, List.of(), List.of());
        JsonNode answer = read("?after=0");
        assertThat(answer.path("items")).hasSize(1);
        assertThat(answer.at("/items/0/body/title").asText()).isEqualTo("mine");
    }

    @Test
    void boundsAnAnswerByBytes() {
        accepted(1);
        accepted(2);
        var large = new OpenItem(
                2,
                3,
                3,
                "n2",
                ItemKind.PUSH,
                600_000,
                NOW,
                NOW,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        inbox(0, 2, List.of(open(1), large), List.of());
        assertThat(seqs(read(""))).containsExactly(1L);
        inbox(0, 2, List.of(large), List.of());
        assertThat(seqs(read(""))).as("one always fits").containsExactly(2L);
    }

    @Test
    void saysAnErasedPersonsItemIsGone() {
        accepted(1);
        inbox(0, 1, List.of(open(1)), List.of());
        api.sealing.erased.add("user:u1");
        assertThat(read("").at("/items/0").toString())
                .isEqualTo("{\"t\":\"gone\",\"fromSeq\":1,\"toSeq\":1,\"fate\":\"refused\"}");
    }

    @Test
    void showsMessagesAsTheirConversationsHaveThem() {
        accepted(1);
        noted(2, 5, 8);
        inbox(0, 5, List.of(open(1), message(2, 5), message(3, 6), message(4, 7), message(5, 8)), List.of());
        api.messages = (conversation, refs) -> {
            assertThat(conversation.toString()).isEqualTo("acme:c1");
            return done(new Messages(
                    Optional.empty(),
                    true,
                    refs.stream().limit(3).map(this::stored).toList()));
        };
        JsonNode answer = read("");
        assertThat(seqs(answer)).containsExactly(1L, 2L, 0L, 4L, 5L);
        assertThat(answer.at("/items/1").toString())
                .isEqualTo("{\"t\":\"item\",\"itemSeq\":2,\"id\":\"c1~5\",\"kind\":\"message\","
                        + "\"at\":\"2026-11-20T08:30:00.000Z\",\"body\":{\"conversationId\":\"c1\",\"messageSeq\":5,"
                        + "\"messageId\":\"c1~5\",\"senderId\":\"bob\",\"type\":\"text\",\"content\":{\"text\":\"5\"},"
                        + "\"sentAt\":\"2026-11-20T08:30:00.000Z\"}}");
        assertThat(answer.at("/items/2").toString())
                .as("recalled meanwhile")
                .isEqualTo("{\"t\":\"gone\",\"fromSeq\":3,\"toSeq\":3,\"fate\":\"recalled\"}");

        inbox(5, 5, List.of(), List.of());
        var again = read("?after=1");
        assertThat(again.at("/items/0/body/content/text").asText()).isEqualTo("5");
        assertThat(again.at("/items/0/repeat").asBoolean()).isTrue();
        api.sealing.erased.add("user:bob");
        assertThat(read("?after=3").at("/items/0/fate").asText()).isEqualTo("refused");
    }

    @Test
    void givesWhatIsBeforeAMessageWhoseConversationIsSilent() {
        accepted(1);
        noted(2, 5, 8);
        api.messages = (conversation, refs) ->
                java.util.concurrent.CompletableFuture.failedFuture(new IllegalStateException("silent"));
        inbox(0, 2, List.of(open(1), message(2, 5)), List.of());
        assertThat(seqs(read(""))).containsExactly(1L);
        inbox(0, 2, List.of(message(2, 5)), List.of());
        assertThat(code(get(PATH, token))).isEqualTo("503 unavailable");
        api.messages = (conversation, refs) ->
                done(new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no such conversation"));
        assertThat(read("").at("/items/0/fate").asText()).isEqualTo("refused");
    }

    @Test
    void aSilentConversationHoldsUpNothingBehindIt() {
        noted(1, 5, 5);
        accepted(2);
        var aside = new AtomicInteger();
        api.devices = (id, command) -> {
            if (command instanceof SetAside set) {
                assertThat(set.itemSeqs()).containsExactly(1L);
                aside.incrementAndGet();
                return done(new DeviceReply.Noted());
            }
            return done(
                    aside.get() == 0
                            ? inboxReply(0, 2, List.of(message(1, 5), open(2)), List.of())
                            : inboxReply(
                                    0,
                                    3,
                                    List.of(open(2), message(3, 5)),
                                    List.of(new GoneRange(1, 1, Fate.SUPERSEDED))));
        };
        api.messages = (conversation, refs) ->
                java.util.concurrent.CompletableFuture.failedFuture(new IllegalStateException("silent"));
        JsonNode answer = read("");
        assertThat(types(answer)).containsExactly("gone", "item");
        assertThat(answer.path("lastSeq").asLong()).isEqualTo(3);
        assertThat(aside).hasValue(1);
    }

    @Test
    void whatWasSetAsideIsFoundUnderItsNewNumber() {
        accepted(1);
        noted(2, 5, 5);
        journal.add(new ItemsSetAside(NOW, List.of(2L)));
        accepted(3);
        journal.add(new ItemsBroughtBack(NOW, List.of(new BroughtBack(2, message(4, 5)))));
        inbox(4, 4, List.of(), List.of());
        api.messages = (conversation, refs) -> done(new Messages(
                Optional.empty(), true, refs.stream().map(this::stored).toList()));
        JsonNode again = read("?after=0");
        assertThat(types(again)).containsExactly("item", "gone", "item", "item");
        assertThat(again.at("/items/1/fate").asText()).isEqualTo("superseded");
        assertThat(again.at("/items/3/body/content/text").asText()).isEqualTo("5");
    }

    private void noted(long firstItemSeq, long from, long to) {
        journal.add(new ConversationNoted(
                NOW,
                "c1",
                9,
                to,
                firstItemSeq,
                List.of(new NotedRange(ItemKind.MESSAGE, from, to, 1, Alert.ALERT, Optional.empty())),
                0));
    }

    private static OpenItem message(long itemSeq, long messageSeq) {
        return new ConversationNoted(
                        NOW,
                        "c1",
                        9,
                        messageSeq,
                        itemSeq,
                        List.of(new NotedRange(
                                ItemKind.MESSAGE, messageSeq, messageSeq, 1, Alert.ALERT, Optional.empty())),
                        0)
                .items(2)
                .get(0);
    }

    /** Message 6 was recalled. */
    private StoredMessage stored(MessageRef ref) {
        var box = api.sealing
                .sealer("acme", "user:bob")
                .toCompletableFuture()
                .join()
                .seal("o", "content", ("{\"text\":\"" + ref.messageSeq() + "\"}").getBytes(StandardCharsets.UTF_8));
        return new StoredMessage(
                ref.messageSeq(),
                1,
                "bob",
                MessageType.TEXT,
                ref.messageSeq() == 6 ? Optional.empty() : Optional.of(new SealedContent("o", box, 10)),
                List.of(),
                Optional.empty(),
                NOW,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void waitsUntilThereIsSomething() {
        accepted(1);
        var looks = new AtomicInteger();
        api.devices = (id, command) -> done(inboxReply(
                0, looks.get() < 2 ? 0 : 1, looks.getAndIncrement() < 2 ? List.of() : List.of(open(1)), List.of()));
        api.waits = device -> done(Waited.READY);
        assertThat(seqs(read("?after=0&waitSeconds=20"))).containsExactly(1L);
        assertThat(looks).hasValue(3);
    }

    @Test
    void endsAWaitThatKeepsFindingNothing() {
        inbox(0, 0, List.of(), List.of());
        api.waits = device -> done(Waited.READY);
        assertThat(read("?after=0&waitSeconds=20").path("items")).isEmpty();
        assertThat(reads()).hasSize(10);
    }

    @Test
    void answersAtOnceAPositionOfAnotherStream() {
        inbox(0, 3, List.of(), List.of());
        api.waits = device -> done(Waited.READY);
        assertThat(read("?after=41&waitSeconds=20").path("lastSeq").asLong()).isEqualTo(3);
        assertThat(reads()).hasSize(1);
    }

    @Test
    void tellsWhyItDoesNotWait() {
        api.waits = device -> done(Waited.REPLACED);
        assertThat(code(get(PATH + "?waitSeconds=1", token))).isEqualTo("409 replaced");
        api.waits = device -> done(Waited.REVOKED);
        assertThat(code(get(PATH + "?waitSeconds=1", token))).isEqualTo("401 unauthorized");
        api.waits = device -> done(Waited.FULL);
        assertThat(code(get(PATH + "?waitSeconds=1", token))).isEqualTo("503 unavailable");
        api.waits = device -> done(Waited.QUOTA);
        assertThat(code(get(PATH + "?waitSeconds=1", token))).isEqualTo("429 quotaExceeded");
    }

    @Test
    void acknowledges() {
        var answer = api.ask(post("/v1/device/acks", token, "{\"streamId\":\"s1\",\"itemSeq\":3}"));
        assertThat(api.text(answer)).isEqualTo("{\"streamId\":\"s1\",\"ackedSeq\":3,\"lastSeq\":5}");
        var ack = (AckItems) api.deviceCommands.get(api.deviceCommands.size() - 1);
        assertThat(ack.streamId()).isEqualTo("s1");
        assertThat(ack.itemSeq()).isEqualTo(3);
        assertThat(ack.binding()).isEqualTo(1);
    }

    @Test
    void passesTheDevicesRefusalsOn() {
        for (ErrorCode code : List.of(ErrorCode.ACK_ABOVE_SENT, ErrorCode.STREAM_CHANGED, ErrorCode.UNAUTHORIZED)) {
            api.devices = (id, command) -> done(new DeviceReply.Refused(code, "no"));
            assertThat(code(post("/v1/device/acks", token, "{\"streamId\":\"s1\",\"itemSeq\":3}")))
                    .isEqualTo(code.status() + " " + code.wireName());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?after=-1",
                "?after=x",
                "?after=9223372036854775808",
                "?limit=0",
                "?limit=201",
                "?waitSeconds=51",
                "?waitSeconds=-1",
                "?deviceId=d2",
                "?after=1&after=2"
            })
    void refusesWhatItDoesNotUnderstand(String query) {
        int asked = api.deviceCommands.size();
        assertThat(code(get(PATH + query, token))).isEqualTo("400 invalidRequest");
        assertThat(api.deviceCommands).hasSize(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"streamId\":\"s1\"}",
                "{\"streamId\":\"s1\",\"itemSeq\":-1}",
                "{\"streamId\":\"s1\",\"itemSeq\":1.5}",
                "{\"streamId\":\"s 1\",\"itemSeq\":1}",
                "{\"streamId\":\"s1\",\"itemSeq\":1,\"deviceId\":\"d2\"}",
                "[]"
            })
    void refusesAcksThatAreNone(String body) {
        assertThat(code(post("/v1/device/acks", token, body))).isEqualTo("400 invalidRequest");
    }

    @Test
    void takesNoOtherCredentialThanADevicesToken() {
        String forged = token.substring(0, token.length() - 4) + "AAAA";
        for (String bad : List.of("x", forged, api.tenantWithKey("acme", "*"), TestApi.OPERATOR)) {
            assertThat(code(get(PATH, bad))).isEqualTo("401 unauthorized");
        }
        assertThat(code(HttpRequest.GET(PATH))).isEqualTo("401 unauthorized");
        api.now = NOW.plusSeconds(4_000);
        assertThat(code(get(PATH, token))).as("expired").isEqualTo("401 unauthorized");
        assertThat(reads()).isEmpty();
    }

    @Test
    void opensNoServiceRouteWithADevicesToken() {
        assertThat(code(get("/v1/devices/d1", token))).isEqualTo("401 unauthorized");
    }

    @Test
    void slowsDownADeviceThatCallsTooOftenAndAnAddressThatKeepsFailing() {
        inbox(0, 0, List.of(), List.of());
        for (int i = 0; i < 200; i++) {
            assertThat(api.ask(get(PATH, token)).status().intValue()).isEqualTo(200);
        }
        var tooOften = api.ask(get(PATH, token));
        assertThat(tooOften.status().intValue()).isEqualTo(429);
        assertThat(TestApi.header(tooOften, "Retry-After")).isEqualTo("1");
        for (int i = 0; i < 30; i++) {
            api.ask(TestApi.from(get(PATH, "x"), "192.0.2.1"));
        }
        assertThat(code(TestApi.from(get(PATH, "x"), "192.0.2.1"))).isEqualTo("429 tooManyRequests");
    }

    private void accepted(long itemSeq) {
        accepted(itemSeq, Long.toString(itemSeq));
    }

    private void accepted(long itemSeq, String title) {
        String id = "n" + itemSeq;
        var body = api.sealing
                .sealer("acme", "user:u1")
                .toCompletableFuture()
                .join()
                .seal(id, "body", ("{\"title\":\"" + title + "\"}").getBytes(StandardCharsets.UTF_8));
        journal.add(new ItemAccepted(
                NOW,
                itemSeq,
                id,
                ItemKind.PUSH,
                Optional.of(body),
                Optional.of("f"),
                10,
                NOW,
                Priority.NORMAL,
                Optional.empty(),
                0));
    }

    private static ItemAccepted recall(long itemSeq, String id) {
        return new ItemAccepted(
                NOW,
                itemSeq,
                id,
                ItemKind.RECALL,
                Optional.empty(),
                Optional.empty(),
                2,
                NOW,
                Priority.HIGH,
                Optional.empty(),
                0);
    }

    private static OpenItem recallItem(long itemSeq, String id) {
        return new OpenItem(
                itemSeq,
                9,
                0,
                id,
                ItemKind.RECALL,
                2,
                NOW,
                NOW,
                Priority.HIGH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The item whose event is as many after the stream's first as its number says. */
    private static OpenItem open(long itemSeq) {
        long at = itemSeq + 1;
        return new OpenItem(
                itemSeq,
                at,
                at,
                "n" + itemSeq,
                ItemKind.PUSH,
                10,
                NOW,
                NOW,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void inbox(long acked, long last, List<OpenItem> items, List<GoneRange> gone) {
        api.devices = (id, command) -> done(inboxReply(acked, last, items, gone));
    }

    private Inbox inboxReply(long acked, long last, List<OpenItem> items, List<GoneRange> gone) {
        api.journal("acme", "d1", journal.toArray(Persisted[]::new));
        return new Inbox("s1", acked, last, journal.size(), items, gone);
    }

    private List<ReadInbox> reads() {
        return api.deviceCommands.stream()
                .filter(ReadInbox.class::isInstance)
                .map(ReadInbox.class::cast)
                .toList();
    }

    private JsonNode read(String query) {
        HttpResponse answer = api.ask(get(PATH + query, token));
        JsonNode json = api.json(answer);
        assertThat(answer.status().intValue()).as(json.toString()).isEqualTo(200);
        return json;
    }

    private String code(HttpRequest request) {
        var answer = api.ask(request);
        return answer.status().intValue() + " " + api.code(answer);
    }

    private static List<String> types(JsonNode answer) {
        var types = new ArrayList<String>();
        answer.path("items").forEach(item -> types.add(item.path("t").asText()));
        return types;
    }

    private static List<Long> seqs(JsonNode answer) {
        var seqs = new ArrayList<Long>();
        answer.path("items").forEach(item -> seqs.add(item.path("itemSeq").asLong()));
        return seqs;
    }
}
