package io.lanying.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.Operations.Operation;
import io.lanying.http.auth.Scope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation with every scope: what is not allowed is not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScopesTest {

    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi();
        StubEntities.install(api);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static Stream<Arguments> table() {
        return Operations.all().stream()
                .flatMap(operation -> Stream.of(Scope.values()).map(scope -> Arguments.of(operation, scope)));
    }

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("table")
    void opensOnlyWithItsScope(Operation operation, Scope scope) {
        var answer = api.ask(operation.request().apply(api.tenantWithKey("acme", scope.wireName())));
        boolean allowed = operation
                .scope()
                .filter(needed -> scope == Scope.ALL || scope == needed)
                .isPresent();

        if (allowed) {
            assertThat(answer.status().intValue()).isBetween(200, 204);
        } else {
            assertThat(answer.status().intValue()).isEqualTo(404);
            assertThat(api.code(answer)).isEqualTo("notFound");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void theOperatorIsForAdministrationOnly(Operation operation) {
        int status =
                api.ask(operation.request().apply(TestApi.OPERATOR)).status().intValue();

        if (operation.name().contains("/v1/admin")) {
            assertThat(status).isBetween(200, 204);
        } else {
            assertThat(status).isEqualTo(404);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void aKeyWithoutScopesOpensNothing(Operation operation) {
        assertThat(api.ask(operation.request().apply(api.tenantWithKey("acme")))
                        .status()
                        .intValue())
                .isEqualTo(404);
    }

    static List<Operation> operations() {
        return Operations.all();
    }
}
