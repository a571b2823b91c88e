package io.lanying.http.inbox;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.session.ShortSessions.Seen;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.NoteOpened;
import io.lanying.protocol.device.DeviceReply;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app says of its own device, and where it resumes its events. */
class OwnDeviceRoutesTest {

    private final TestApi api = new TestApi();
    private String token;

    @BeforeEach
    void start() {
        StubEntities.install(api);
        token = api.deviceToken("acme", "d1");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void sealsTokensForTheOwnerAndShowsThemWithoutTheirText() {
        var answer = api.ask(
                put(
                        "/v1/device/tokens",
                        token,
                        "{\"tokens\":[{\"channel\":\"apns\",\"token\":\"canary\",\"environment\":\"sandbox\",\"topic\":\"t\"}]}"));
        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(api.text(answer))
                .isEqualTo("{\"tokens\":[{\"channel\":\"fcm\",\"since\":\"2026-11-20T08:30:00.000Z\"}]}");
        var bind = (BindTokens) api.deviceCommands.get(api.deviceCommands.size() - 1);
        assertThat(bind.binding()).isEqualTo(1);
        assertThat(bind.tokens()).singleElement().satisfies(bound -> {
            assertThat(bound.channel()).isEqualTo("apns");
            assertThat(bound.environment()).contains("sandbox");
            assertThat(bound.topic()).contains("t");
            assertThat(bound.token().subject()).isEqualTo("user:u1");
            assertThat(bound.fingerprint()).isNotEqualTo("canary").isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"tokens\":{}}",
                "{\"tokens\":[{\"channel\":\"fcm\"}]}",
                "{\"tokens\":[{\"channel\":\"f m\",\"token\":\"x\"}]}",
                "{\"tokens\":[{\"channel\":\"fcm\",\"token\":\"\"}]}",
                "{\"tokens\":[{\"channel\":\"fcm\",\"token\":\"x\"},{\"channel\":\"fcm\",\"token\":\"y\"}]}",
                "{\"tokens\":[],\"userId\":\"eve\"}"
            })
    void refusesTokensThatAreNone(String body) {
        int asked = api.deviceCommands.size();
        assertThat(code("tokens", body)).isEqualTo("400 invalidRequest");
        assertThat(api.deviceCommands).hasSize(asked);
    }

    @Test
    void refusesAnEarlierOwnersToken() {
        api.devices = (id, command) -> done(new DeviceReply.Refused(ErrorCode.UNAUTHORIZED, "earlier"));
        assertThat(code("tokens", "{\"tokens\":[]}")).isEqualTo("401 unauthorized");
        assertThat(code("opened", "{\"notificationId\":\"n1\"}")).isEqualTo("401 unauthorized");
        api.devices = (id, command) -> done(new DeviceReply.SealedForOther("user:u2"));
        assertThat(code("tokens", "{\"tokens\":[]}")).isEqualTo("503 unavailable");
    }

    @Test
    void notesWhatWasOpened() {
        var answer = api.ask(post("/v1/device/opened", token, "{\"notificationId\":\"n1~d1\"}"));
        assertThat(answer.status().intValue()).isEqualTo(204);
        var opened = (NoteOpened) api.deviceCommands.get(api.deviceCommands.size() - 1);
        assertThat(opened.notificationId()).isEqualTo("n1~d1");
        assertThat(opened.binding()).isEqualTo(1);
        assertThat(code("opened", "{}")).isEqualTo("400 invalidRequest");
        assertThat(code("opened", "{\"notificationId\":\"a b\"}")).isEqualTo("400 invalidRequest");
    }

    @ParameterizedTest
    @CsvSource({"s1:42, s1, 42", "s1:0, s1, 0", "a.b~c-d_e:7, a.b~c-d_e, 7"})
    void resumesEventsAfterTheLast(String lastEventId, String streamId, long itemSeq) {
        api.ask(get("/v1/device/stream", token).addHeader(RawHeader.create("Last-Event-ID", lastEventId)));
        assertThat(api.streams).containsExactly(Optional.of(new Seen(streamId, itemSeq)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "s1:", ":42", "s1:-1", "s1:9999999999999999999", "s 1:4", "s1:4:5"})
    void takesAnythingElseForNoEvent(String lastEventId) {
        var answer = api.ask(get("/v1/device/stream", token)
                .addHeader(RawHeader.create("Last-Event-ID", lastEventId))
                .addHeader(RawHeader.create("Accept", "text/event-stream")));
        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(answer.entity().getContentType().mediaType().toString()).isEqualTo("text/event-stream");
        assertThat(api.streams).containsExactly(Optional.empty());
    }

    private String code(String call, String body) {
        var path = "/v1/device/" + call;
        var answer = api.ask(call.equals("tokens") ? put(path, token, body) : post(path, token, body));
        return answer.status().intValue() + " " + api.code(answer);
    }
}
