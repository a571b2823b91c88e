package io.lanying.http.attachment;

import static io.lanying.http.AttachmentFixtures.GROUP;
import static io.lanying.http.AttachmentFixtures.chunk;
import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes on at once is bounded, and nothing is read that nobody takes. */
class AttachmentFlowTest {

    private static final String ALL = "/v1/conversations/g1/attachments";

    private final TestApi api = new TestApi(
            "push.http.attachments { max-chunks = 2, max-downloads = 2, max-of-tenant = 2, chunk-timeout = 1 s }");
    private String service = "";

    @BeforeEach
    void start() {
        StubEntities.install(api);
        service = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void stalledUploadsTakeNoMoreThanTheirShareAndEnd() {
        List<CompletionStage<HttpResponse>> stalled = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            stalled.add(api.begin(stalled()));
        }
        await().until(() -> taken("uploading") == 2);
        assertThat(api.code(api.ask(chunk(ALL + "/a0", service, "0", "hello")))).isEqualTo("unavailable");

        for (CompletionStage<HttpResponse> each : stalled) {
            assertThat(api.code(each.toCompletableFuture().join())).isEqualTo("invalidRequest");
        }
        await().until(() -> taken("uploading") == 0);
        assertThat(api.attachments.asked).doesNotContain("append acme:g1/a0");
        assertThat(api.ask(chunk(ALL + "/a0", service, "0", "hello")).status().intValue())
                .isEqualTo(200);
    }

    /** Two bytes, and never the others. */
    private HttpRequest stalled() {
        var begun = Source.single(ByteString.fromString("he"))
                .concat(Source.completionStage(new CompletableFuture<ByteString>()));
        return chunk(ALL + "/a0", service, "0", "")
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, 5, begun));
    }

    @Test
    void aChunkOfUnannouncedLengthIsCutWhereItIsTooLong() {
        var endless = Source.repeat(ByteString.fromString("hello"));
        var answer = api.ask(chunk(ALL + "/a0", service, "0", "")
                .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_OCTET_STREAM, endless)));
        assertThat(api.code(answer)).isEqualTo("payloadTooLarge");
        assertThat(taken("uploading")).isZero();
    }

    @Test
    void noMoreIsReadThanIsTakenAndASlotIsGivenBack() {
        api.attachments.put(GROUP, "large", "u1", "text/plain", NOW, new byte[3_000]);
        var answer = api.ask(get(ALL + "/large/content", service));
        var first =
                answer.entity().getDataBytes().toMat(Sink.queue(), Keep.right()).run(api.kit.system());
        var piece = first.pull().toCompletableFuture().join();
        assertThat(piece.map(ByteString::length)).isEqualTo(Optional.of(3));
        assertThat(taken("downloading")).isEqualTo(1);
        // The queue of the sink holds 16, and each stage between asks for one.
        await().during(Duration.ofMillis(100)).until(() -> api.attachments.reads.get() < 50);
        first.cancel();
        await().until(() -> taken("downloading") == 0);
    }

    private double taken(String what) {
        return api.metrics.get("push.http.attachments." + what).gauge().value();
    }
}
