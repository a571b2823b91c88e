package io.lanying.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.util.ByteString;
import io.lanying.http.HostileBodies.Probe;
import io.lanying.http.Operations.Operation;
import io.lanying.http.call.Bodies;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile documents at every call that takes one (matrix A1): refused with little work, and nothing was asked of anybody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileBodiesTest {

    private static final List<Probe> PROBES = HostileBodies.all();

    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi("push.http.inbox.requests-burst = 100000");
        StubEntities.install(api);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static Stream<Operation> operations() {
        return Stream.concat(Operations.all().stream(), Operations.ofDevices().stream())
                .filter(Operation::body);
    }

    static Stream<Operation> ofDocuments() {
        return operations().filter(operation -> !operation.described().lines());
    }

    static Stream<Operation> ofLines() {
        return operations().filter(operation -> operation.described().lines());
    }

    /** All together take less time than a lenient parser took for one number of a million digits (18.9 s). */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofDocuments")
    @Timeout(value = 15, unit = TimeUnit.SECONDS)
    void areRefusedAndNothingIsDone(Operation operation) {
        String credential = operation.credential(api);
        var right = operation.request().apply(credential);
        assertThat(api.ask(right).status().isSuccess())
                .as("the request that is right")
                .isTrue();
        for (Probe probe : PROBES) {
            api.forgetAsked();
            var answer = api.ask(probe.spoil().apply(right));

            assertThat(answer.status().intValue()).as(probe.name()).isEqualTo(probe.status());
            assertThat(answer.entity().getContentType().toString())
                    .as(probe.name())
                    .isEqualTo("application/problem+json");
            assertThat(api.code(answer)).as(probe.name()).isEqualTo(probe.code());
            assertThat(api.isUntouched()).as(probe.name()).isTrue();
        }
    }

    /** Also between lines that are right, which are not held up by it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofLines")
    void asALineAreRefusedAloneAndNothingIsDoneForThem(Operation operation) {
        var right = operation.request().apply(operation.credential(api));
        String line = operation.described().body().orElseThrow().toString();
        for (Probe probe : HostileBodies.malformed()) {
            byte[] spoilt =
                    HostileBodies.bodyOf(probe.spoil().apply(right.withEntity(ContentTypes.APPLICATION_JSON, line)));
            api.forgetAsked();
            var lines = api.text(api.ask(right.withEntity(HttpEntities.create(
                            ContentTypes.create(Bodies.NDJSON),
                            ByteString.fromString(line + "\n")
                                    .concat(ByteString.fromArray(spoilt))
                                    .concat(ByteString.fromString("\n"))))))
                    .lines()
                    .toList();

            assertThat(lines).as(probe.name()).hasSize(2);
            assertThat(lines.get(0)).as(probe.name()).contains("\"status\":202");
            assertThat(lines.get(1))
                    .as(probe.name())
                    .startsWith("{\"line\":2,\"status\":400,")
                    .containsAnyOf(probe.code(), "idempotencyKeyMissing");
            assertThat(api.deviceCommands).as(probe.name()).hasSize(1);
        }
    }
}
