package io.lanying.http.journal;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Sink;
import io.lanying.http.ConversationFixtures;
import io.lanying.http.NotificationFixtures;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.UserFixtures;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BadgeSeen;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemRestrained;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.Redelivered;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalRoutesTest {

    private static final String EVENTS = "/v1/journal/devices/d1/events";
    private static final String STATE = "/v1/journal/devices/d1/state";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi("push.http.journal-streams { max = 2, poll-interval = 20ms, max-age = 2s }");
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "journal:read");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void rendersEveryKindOfEvent() {
        var events = examples();
        for (Class<?> type : DeviceEvent.class.getPermittedSubclasses()) {
            assertThat(events).as(type.getSimpleName()).anyMatch(type::isInstance);
        }
        var types = events.stream()
                .map(event -> EventRendering.render(new JournalEvent(1, event), new Opener(Map.of()))
                        .type())
                .toList();
        assertThat(types).doesNotHaveDuplicates();
        for (int i = 0; i < types.size(); i++) {
            assertThat(types.get(i))
                    .isEqualToIgnoringCase(events.get(i).getClass().getSimpleName());
        }
    }

    @Test
    void rendersEveryKindOfEventOfUsersAndOpensTheirNames() {
        var events = UserFixtures.events(api);
        for (Class<?> type : UserEvent.class.getPermittedSubclasses()) {
            assertThat(events).as(type.getSimpleName()).anyMatch(type::isInstance);
        }
        var items = api.json(api.ask(get("/v1/journal/users/u1/events", credential)))
                .path("items");
        for (int i = 0; i < events.size(); i++) {
            assertThat(items.path(i).path("type").asText())
                    .isEqualToIgnoringCase(events.get(i).getClass().getSimpleName());
        }
        assertThat(items.path(0).path("event").toString())
                .isEqualTo(
                        "{\"name\":\"Ada\",\"settings\":{\"muted\":true,\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\","
                                + "\"zone\":\"Asia/Shanghai\",\"mode\":\"defer\"}},\"version\":1}");

        api.sealing.erased.add("user:u1");
        var after = api.json(api.ask(get("/v1/journal/users/u1/events", credential)));
        assertThat(after.path("items").path(0).path("event").path("name").toString())
                .isEqualTo("{\"erased\":true}");
        var state = api.json(api.ask(get("/v1/journal/users/u1/state", credential)));
        assertThat(state.path("state").path("devices").path(0).path("deviceId").asText())
                .isEqualTo("d1");
    }

    @Test
    void rendersEveryKindOfEventOfConversationsAndWhatAMessageSaidBeforeItsEdit() {
        var events = ConversationFixtures.events(api);
        for (Class<?> type : ConversationEvent.class.getPermittedSubclasses()) {
            assertThat(events).as(type.getSimpleName()).anyMatch(type::isInstance);
        }
        var items = api.json(api.ask(get("/v1/journal/conversations/g1/events", credential)))
                .path("items");
        for (int i = 0; i < events.size(); i++) {
            assertThat(items.path(i).path("type").asText())
                    .isEqualToIgnoringCase(events.get(i).getClass().getSimpleName());
        }
        assertThat(items.path(0).path("event").path("name").asText()).isEqualTo("Team");
        assertThat(items.path(6).path("event").path("content").toString()).isEqualTo("{\"text\":\"first\"}");
        assertThat(items.path(6).path("event").path("replyTo").asText()).isEqualTo("g1~1");
        assertThat(items.path(7).path("event").path("content").toString()).isEqualTo("{\"text\":\"second\"}");

        api.sealing.erased.add("user:u1");
        var after = api.json(api.ask(get("/v1/journal/conversations/g1/events", credential)));
        assertThat(after.path("items").path(6).path("event").path("content").toString())
                .isEqualTo("{\"erased\":true}");
        var state = api.json(api.ask(get("/v1/journal/conversations/g1/state", credential)));
        assertThat(state.path("state").path("members").path(0).path("role").asText())
                .isEqualTo("owner");
    }

    @Test
    void rendersEveryKindOfEventOfACompanionAndItsState() {
        var items = api.json(api.ask(get("/v1/journal/positions/g1~0/events", credential)))
                .path("items");
        var types = new ArrayList<String>();
        items.forEach(item -> types.add(item.path("type").asText()));
        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(PositionsEvent.class.getPermittedSubclasses())
                        .filter(PositionsEvent.class::isAssignableFrom)
                        .map(type -> type.getSimpleName().substring(0, 1).toLowerCase(Locale.ROOT)
                                + type.getSimpleName().substring(1))
                        .toList());
        String receipt =
                "{\"membersAt\":1,\"messageSeq\":1,\"deliveredSeq\":1,\"readSeq\":0,\"members\":3,\"delivered\":2,\"read\":0}";
        assertThat(items.path(0).path("event").toString())
                .isEqualTo("{\"conversationId\":\"g1\",\"positions\":[{\"userId\":\"u1\",\"readSeq\":1,"
                        + "\"deviceId\":\"d1\",\"counts\":{\"unread\":0,\"asOfSeq\":1,\"muted\":false}}],"
                        + "\"receipts\":[{\"userId\":\"u1\",\"receipt\":" + receipt + "},{\"userId\":\"u2\"}]}");
        assertThat(items.path(1).at("/event/receipts/0/receipt").toString()).isEqualTo(receipt);
        var state = api.json(api.ask(get("/v1/journal/positions/g1~0/state", credential)));
        assertThat(state.at("/state/positions/0/receipt").toString()).isEqualTo(receipt);
        assertThat(state.path("state").path("positions").path(0).path("readSeq").asLong())
                .isEqualTo(1);
    }

    @Test
    void rendersEveryKindOfEventOfNotifications() {
        var events = NotificationFixtures.events();
        for (Class<?> type : NotificationEvent.class.getPermittedSubclasses()) {
            assertThat(events).as(type.getSimpleName()).anyMatch(type::isInstance);
        }
        api.journal("acme", "n1", events.toArray(Persisted[]::new));
        var answer = api.ask(get("/v1/journal/notifications/n1/events?limit=50", credential));
        var types = api.json(answer).get("items").findValuesAsText("type");
        assertThat(types).hasSameSizeAs(events);
        for (int i = 0; i < types.size(); i++) {
            assertThat(types.get(i))
                    .isEqualToIgnoringCase(events.get(i).getClass().getSimpleName());
        }
    }

    @Test
    void showsNoSecretInAnyEvent() {
        api.journal("acme", "d1", examples().toArray(Persisted[]::new));
        String text = api.text(api.ask(get(EVENTS, credential)));

        assertThat(text).doesNotContain(StubEntities.VENDOR_TOKEN, "fingerprint", "canary");
    }

    @Test
    void opensBodiesAndSaysWhatWasErased() {
        api.journal("acme", "d1", item(1, "user:u1"), item(2, "user:gone"), item(3, "user:u1", "another item"));
        api.sealing.erased.add("user:gone");
        var items = api.json(api.ask(get(EVENTS, credential))).get("items");

        assertThat(items.get(0).toString())
                .isEqualTo(
                        "{\"eventSeq\":1,\"at\":\"2026-11-20T08:30:00.000Z\",\"type\":\"itemAccepted\",\"event\":{\"itemSeq\":1,"
                                + "\"id\":\"n1\",\"kind\":\"push\",\"body\":{\"title\":\"t\"},\"bytes\":10,"
                                + "\"expiresAt\":\"2026-11-20T08:31:00.000Z\",\"priority\":\"normal\",\"ackedSeq\":0}}");
        assertThat(items.get(1).get("event").get("body").toString()).isEqualTo("{\"erased\":true}");
        assertThat(items.get(2).get("event").get("body").toString()).isEqualTo("{\"unreadable\":true}");
    }

    @Test
    void pagesByNumber() {
        acknowledgements(5);
        var first = api.json(api.ask(get(EVENTS + "?limit=2", credential)));
        var second = api.json(api.ask(
                get(EVENTS + "?limit=2&afterSeq=" + first.get("nextCursor").asText(), credential)));
        var last = api.json(api.ask(get(EVENTS + "?limit=2&afterSeq=4", credential)));
        var beyond = api.json(api.ask(get(EVENTS + "?afterSeq=5", credential)));

        assertThat(numbers(first.get("items").findValuesAsText("eventSeq"))).containsExactly(1, 2);
        assertThat(numbers(second.get("items").findValuesAsText("eventSeq"))).containsExactly(3, 4);
        assertThat(numbers(last.get("items").findValuesAsText("eventSeq"))).containsExactly(5);
        assertThat(last.get("nextCursor").isNull()).isTrue();
        assertThat(beyond.get("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devices/nobody/events",
                "devices/nobody/state",
                "conversations/nobody/events",
                "notifications/n/state",
                "users/u9/events",
                "tenants/acme/events",
                "devices/d1/other",
                "devices"
            })
    void whatIsNotThereIs404(String path) {
        assertThat(api.ask(get("/v1/journal/" + path, credential)).status().intValue())
                .isEqualTo(404);
    }

    @Test
    void streamsEverythingAsLines() {
        acknowledgements(250);
        var answer = api.ask(get(EVENTS + "?afterSeq=10", credential).addHeader(accept("application/x-ndjson")));
        var lines = api.text(answer).lines().toList();

        assertThat(answer.entity().getContentType().toString()).isEqualTo("application/x-ndjson");
        assertThat(lines).hasSize(240).first().asString().startsWith("{\"eventSeq\":11,");
        assertThat(lines.get(239)).startsWith("{\"eventSeq\":250,");
    }

    @Test
    void followsLiveAndGoesOnWhereTheCallerWas() {
        acknowledgements(3);
        var answer = api.ask(live().addHeader(RawHeader.create("Last-Event-ID", "1")));
        var received = new CopyOnWriteArrayList<String>();
        var done = answer.entity()
                .getDataBytes()
                .map(bytes -> bytes.utf8String())
                .runWith(Sink.foreach(received::add), api.kit.system());
        Awaitility.await().until(() -> received.size() == 2);
        acknowledgements(4);
        Awaitility.await().until(() -> received.size() == 3);

        assertThat(answer.entity().getContentType().mediaType().toString()).isEqualTo("text/event-stream");
        assertThat(received.get(0))
                .startsWith("id: 2\nevent: acknowledged\ndata: {\"eventSeq\":2,")
                .endsWith("\n\n");
        assertThat(received.get(2)).startsWith("id: 4\n");
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> done.toCompletableFuture()
                .isDone());
    }

    @Test
    void boundsStreams() {
        acknowledgements(1);
        for (int i = 0; i < 2; i++) {
            var answer = api.ask(live());
            var unused = answer.entity().getDataBytes().runWith(Sink.ignore(), api.kit.system());
        }
        Awaitility.await()
                .until(() ->
                        api.metrics.get("push.http.journal.streams").gauge().value() == 2);
        var refused = api.ask(live());
        assertThat(refused.status().intValue()).isEqualTo(503);
        assertThat(header(refused, "Retry-After")).isNotEmpty();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() ->
                        api.metrics.get("push.http.journal.streams").gauge().value() == 0);
        assertThat(api.ask(live()).status().intValue()).isEqualTo(200);
    }

    @Test
    void chooses() {
        assertThat(type(accept("*/*"))).isEqualTo("application/json");
        assertThat(type(accept("application/json, application/x-ndjson;q=0.5"))).isEqualTo("application/x-ndjson");
        assertThat(api.ask(get(EVENTS, credential).addHeader(accept("image/png")))
                        .status()
                        .intValue())
                .isEqualTo(406);
    }

    @Test
    void showsTheStateAsItWas() {
        var answer = api.json(api.ask(get(STATE + "?asOfSeq=2", credential)));

        assertThat(answer.get("eventSeq").asInt()).isEqualTo(2);
        assertThat(answer.get("state").get("stream").get("ackedSeq").asInt()).isEqualTo(3);
        assertThat(answer.get("state").get("registration").get("userId").asText())
                .isEqualTo("u1");
        assertThat(api.ask(get(STATE, credential)).status().intValue()).isEqualTo(200);
        assertThat(api.ask(get(STATE + "?asOfSeq=1", credential)).status().intValue())
                .isEqualTo(404);
    }

    @Test
    void aTimeAsItWasToldFindsItsEvent() {
        api.states.computeIfPresent(
                new EntityId("acme", "d1"),
                (id, state) -> new io.lanying.protocol.journal.StateAsOf(2, NOW.plusNanos(1_234_567), state.state()));

        assertThat(api.ask(get(STATE + "?asOf=2026-11-20T08:30:00.001Z", credential))
                        .status()
                        .intValue())
                .isEqualTo(200);
        assertThat(api.ask(get(STATE + "?asOf=2026-11-20T08:30:00.000Z", credential))
                        .status()
                        .intValue())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?asOfSeq=0",
                "?asOfSeq=x",
                "?asOf=yesterday",
                "?asOfSeq=1&asOf=2026-11-20T08:30:00.000Z",
                "?as_of=1"
            })
    void refusesQuestionsThatMakeNoSense(String query) {
        assertThat(api.ask(get(STATE + query, credential)).status().intValue()).isEqualTo(400);
    }

    private HttpRequest live() {
        return get(EVENTS, credential).addHeader(accept("text/event-stream"));
    }

    private String type(HttpHeader accept) {
        return api.ask(get(EVENTS, credential).addHeader(accept))
                .entity()
                .getContentType()
                .toString();
    }

    private static HttpHeader accept(String types) {
        return HttpHeader.parse("Accept", types);
    }

    private void acknowledgements(int count) {
        var events = new Persisted[count];
        for (int i = 0; i < count; i++) {
            events[i] = new Acknowledged(NOW, i + 1);
        }
        api.journal("acme", "d1", events);
    }

    private static List<Integer> numbers(List<String> texts) {
        return texts.stream().map(Integer::parseInt).toList();
    }

    private DeviceEvent item(long itemSeq, String subject) {
        return item(itemSeq, subject, "n1");
    }

    private DeviceEvent item(long itemSeq, String subject, String sealedFor) {
        var body = api.sealing
                .sealer("acme", subject)
                .toCompletableFuture()
                .join()
                .seal(sealedFor, "body", "{\"title\":\"t\"}".getBytes(StandardCharsets.UTF_8));
        return accepted(itemSeq, body);
    }

    private static DeviceEvent accepted(long itemSeq, Sealed body) {
        return new ItemAccepted(
                NOW,
                itemSeq,
                "n1",
                ItemKind.PUSH,
                Optional.of(body),
                Optional.of("fingerprint-canary"),
                10,
                NOW.plusSeconds(60),
                Priority.NORMAL,
                Optional.empty(),
                0);
    }

    private static final ChannelId APNS = new ChannelId("apns", "production");

    private static List<DeviceEvent> examples() {
        var profile = StubEntities.PROFILE;
        return List.of(
                new DeviceRegistered(NOW, Optional.of("u1"), 1, "s1", profile),
                new ProfileChanged(NOW, profile),
                new DeviceRebound(NOW, Optional.of("u2"), 2, "s2", profile),
                new DeviceDeleted(NOW),
                accepted(1, new Sealed("user:u1", "canary".getBytes(StandardCharsets.UTF_8))),
                new ItemsRedelivered(
                        NOW,
                        "r1",
                        "user:u1",
                        "fingerprint-canary",
                        List.of(new Redelivered(2, 1, "n1", ItemKind.PUSH, 5, 10)),
                        NOW,
                        0),
                new ItemsEnded(NOW, Fate.EXPIRED, Optional.of("why"), List.of(1L)),
                new Acknowledged(NOW, 1),
                new ItemOpened(NOW, "n1"),
                new SessionAttached(NOW, "session", 0),
                new SessionDetached(NOW, "session", "closed", 1),
                new VendorOffered(NOW, 1, "n1", APNS, "t", OfferCause.AWAY, 1),
                new VendorAnswered(
                        NOW, 1, "n1", APNS, VendorOutcome.unsent(VendorOutcome.End.NO_CHANNEL, "noCredential", 0), 1),
                new TokenUnbound(NOW, APNS, Optional.empty(), "t", "vendor:Unregistered"),
                new TokenSuppressed(NOW, APNS, Optional.empty(), "t", NOW, "vendor:inactive"),
                new BadgeSeen(NOW, 1),
                new UserSettingsApplied(NOW, 1, UserFixtures.SETTINGS),
                new ItemRestrained(NOW, 1, "n1", Restraint.DEFERRED, Optional.of(NOW)),
                new PushCalledOff(NOW, "n2"),
                new ConversationNoted(
                        NOW,
                        "c1",
                        9,
                        7,
                        2,
                        List.of(
                                new NotedRange(
                                        ItemKind.MESSAGE,
                                        5,
                                        7,
                                        1,
                                        Alert.ALERT,
                                        Optional.of(new Quiet(Restraint.DEFERRED, Optional.of(NOW)))),
                                new NotedRange(
                                        ItemKind.RECEIPT,
                                        7,
                                        7,
                                        0,
                                        Alert.NONE,
                                        Optional.empty(),
                                        Optional.of(new Receipt(1, 7, 7, 6, 2, 2, 1)))),
                        1),
                new ItemsSetAside(NOW, List.of(2L)),
                new ItemsBroughtBack(
                        NOW,
                        List.of(new BroughtBack(
                                2,
                                new OpenItem(
                                        5,
                                        9,
                                        0,
                                        "c1~5",
                                        ItemKind.MESSAGE,
                                        128,
                                        NOW,
                                        NOW,
                                        Priority.NORMAL,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(new MessageRef("c1", 5, 1)))))),
                new RequestRefused(NOW, "r2", "user:u1", "fingerprint-canary", ErrorCode.NOTHING_TO_REDELIVER));
    }
}
