package io.lanying.http.auth;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.HttpCredentials;
import io.lanying.http.json.Checked;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Whose API key a request carries, while its tenant is known on this node. */
public class ApiKeyBenchmark extends ShortRun {

    private final ApiKeyText key = ApiKeyText.create(Samples.TENANT);
    private final HttpRequest request =
            HttpRequest.POST("/v1/notifications").addCredentials(HttpCredentials.createOAuth2BearerToken(key.reveal()));
    private final Authentication authentication = authentication();

    @Setup
    public void warmTheCache() {
        Principal caller = authenticate().toCompletableFuture().join().fold(principal -> principal, problem -> {
            throw Samples.wrong(problem);
        });
        if (!caller.has(Scope.NOTIFICATIONS_SEND)
                || !authenticate().toCompletableFuture().isDone()) {
            throw Samples.wrong(caller);
        }
    }

    @Benchmark
    public CompletionStage<Checked<Principal>> authenticate() {
        return authentication.authenticate(request);
    }

    private Authentication authentication() {
        var view = view();
        var tenants = new TenantCache(
                (tenant, command) -> CompletableFuture.completedFuture(view),
                Duration.ofSeconds(5),
                10_000,
                System::nanoTime);
        var guard = new CredentialGuard(tenants, buckets(), buckets());
        return new Authentication(presented -> false, tenants, guard, Clock.systemUTC());
    }

    private TenantView view() {
        var apiKey = new ApiKey(
                key.keyId(),
                "orders",
                List.of("notifications:send", "devices:write"),
                Secrets.hash(key.secret()),
                Samples.AT,
                Optional.empty(),
                List.of());
        return new TenantView(
                "Acme",
                Samples.AT,
                List.of(apiKey),
                new SigningKey("sk1", new Sealed("tenant", new byte[65])),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private static KeyedBuckets buckets() {
        return new KeyedBuckets(1, 30, 1_000, System::nanoTime);
    }
}
