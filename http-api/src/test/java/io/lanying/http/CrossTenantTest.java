package io.lanying.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.Operations.Operation;
import io.lanying.protocol.device.DeviceCommand;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Another tenant's ids, and ids made to look like them, at every operation (matrix A4). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossTenantTest {

    /** In every value that only acme may see. */
    private static final List<String> CANARIES =
            List.of("u1", "s1", "Asia/Shanghai", StubEntities.VENDOR_TOKEN, "fingerprint-canary", "key of");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private TestApi api;
    private String rival;

    @BeforeAll
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        rival = api.tenantWithKey("rival", "*");
        var stub = api.devices;
        api.devices = (id, command) -> {
            asked.add(id.toString());
            return stub.apply(id, command);
        };
        var users = api.users;
        api.users = (id, command) -> {
            asked.add(id.toString());
            return users.apply(id, command);
        };
        var conversations = api.conversations;
        api.conversations = (id, command) -> {
            asked.add(id.toString());
            return conversations.apply(id, command);
        };
        var tenants = api.tenantWrites;
        api.tenantWrites = (id, command) -> {
            asked.add(id.toString());
            return tenants.apply(id, command);
        };
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static Stream<Operation> operations() {
        // A registration makes the caller's own device of that name.
        return Operations.all().stream().filter(operation -> !operation.name().startsWith("PUT"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void anotherTenantsThingsAreNotThere(Operation operation) {
        asked.clear();
        var answer = api.ask(operation.request().apply(rival));
        String text = api.text(answer);

        assertThat(text).doesNotContain(CANARIES);
        assertThat(asked).allMatch(id -> id.startsWith("rival:"));
        if (operation.name().startsWith("DELETE /v1/channels")) {
            // Idempotent: the caller's own channel of that name is not there, before and after.
            assertThat(answer.status().intValue()).isEqualTo(204);
        } else if (operation.name().equals("GET /v1/devices")
                || operation.name().equals("GET /v1/channels")) {
            assertThat(text).contains("\"items\":[]");
        } else {
            assertThat(answer.status().intValue()).isEqualTo(404);
        }
    }

    static Stream<Arguments> probes() {
        return Operations.all().stream()
                .filter(operation -> operation.name().contains("{deviceId}")
                        || operation.name().contains("{notificationId}"))
                .flatMap(operation -> Stream.of(
                                "acme:d1",
                                "acme%3Ad1",
                                "rival:x|Device|acme:d1",
                                "..%2F..%2Facme%2Fd1",
                                "%2e%2e",
                                "d1%00",
                                "d1%0a",
                                "d1%20",
                                "d%C2%AD1",
                                "%EF%BD%841",
                                "D1",
                                "d1;tenant=acme",
                                "*",
                                "%25",
                                "x".repeat(65))
                        .map(probe -> Arguments.of(operation, probe)));
    }

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("probes")
    void madeUpIdsReachNobodyElse(Operation operation, String probe) {
        asked.clear();
        api.deviceCommands.clear();
        var right = operation.request().apply(rival);
        String path = right.getUri().toRelative().toString().replace("d1", probe);
        var answer = api.ask(right.withUri(path));

        assertThat(api.text(answer)).doesNotContain(CANARIES);
        assertThat(asked).allMatch(id -> id.startsWith("rival:"));
        // Two of them are good ids: somebody else's, but the caller's own tenant's.
        if (!probe.equals("D1") && !probe.equals("%2e%2e")) {
            assertThat(answer.status().intValue()).isIn(400, 404);
            assertThat(api.deviceCommands).noneMatch(DeviceCommand.class::isInstance);
        }
    }
}
