package io.lanying.http.auth;

import static io.lanying.http.auth.Forgeries.KEY;
import static io.lanying.http.auth.Forgeries.NOW;
import static io.lanying.http.auth.Forgeries.claims;
import static io.lanying.http.auth.Forgeries.header;
import static io.lanying.http.auth.Forgeries.named;
import static io.lanying.http.auth.Forgeries.token;
import static io.lanying.http.auth.Forgeries.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.TestApi;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When a session token counts; that no forgery ever does is {@code HostileCredentialsTest}'s. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceTokensTest {

    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi();
        api.tenantWithKey("acme", "*");
        api.tenantWithKey("rival", "*");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void takesAGoodToken() {
        var principal = verify(token(header("HS256"), claims(), KEY));

        assertThat(principal)
                .hasValue(new DevicePrincipal("acme", "d1", Optional.of("u1"), 3, Instant.ofEpochSecond(NOW + 600)));
    }

    @Test
    void takesATokenUntilItsLastSecondAndFromASlightlyFastClock() {
        assertThat(verify(token(header("HS256"), with("exp", NOW + 1), KEY))).isPresent();
        assertThat(verify(token(header("HS256"), with("exp", NOW), KEY))).isEmpty();
        assertThat(verify(token(header("HS256"), with("nbf", NOW + 60), KEY))).isPresent();
        assertThat(verify(token(header("HS256"), with("nbf", NOW + 61), KEY))).isEmpty();
    }

    @Test
    void tokensOfADeletedTenantAreVoidWithinTheLease() {
        api.tenantWithKey("brief", "*");
        var claims = with("tenant", "brief");
        String token = token(named("s-brief"), claims, Secrets.sha256("signing brief"));
        assertThat(verify(token)).isPresent();
        api.tenants.remove("brief");
        api.nanos.addAndGet(5_000_000_000L);
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void saysUnavailableWhenTheTenantCannotBeAsked() {
        api.tenantWithKey("far", "*");
        String token = token(named("s-far"), with("tenant", "far"), Secrets.sha256("signing far"));
        api.tenantsDown = true;
        try {
            Assertions.assertThatThrownBy(() -> verify(token)).isInstanceOf(CompletionException.class);
        } finally {
            api.tenantsDown = false;
        }
    }

    private Optional<DevicePrincipal> verify(String token) {
        return api.deviceAuthenticator()
                .authenticate(token, "192.0.2.1")
                .toCompletableFuture()
                .join()
                .<Optional<DevicePrincipal>>fold(Optional::of, problem -> Optional.empty());
    }
}
