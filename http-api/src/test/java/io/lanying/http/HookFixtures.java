package io.lanying.http;

import static io.lanying.http.TestApi.NOW;

import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import java.nio.charset.StandardCharsets;

/** Message hooks of tenants in tests. */
public final class HookFixtures {

    private HookFixtures() {}

    /** Some hook. */
    static MessageHook hook(String tenant) {
        return hook(new FakeSealing(), tenant, 9, "https://example.com/hook", new byte[32], 1_000, OnSilence.ALLOW);
    }

    /** @param version tells it from those before */
    public static MessageHook hook(
            Sealing sealing,
            String tenant,
            long version,
            String url,
            byte[] secret,
            int timeoutMillis,
            OnSilence policy) {
        return new MessageHook(
                version,
                print(sealing, tenant, MessageHook.URL, url.getBytes(StandardCharsets.UTF_8)),
                print(sealing, tenant, MessageHook.SECRET, secret),
                timeoutMillis,
                policy,
                NOW);
    }

    private static MessageHook.Print print(Sealing sealing, String tenant, String field, byte[] clear) {
        var sealer =
                sealing.sealer(tenant, Subject.TENANT).toCompletableFuture().join();
        return new MessageHook.Print(sealer.seal(MessageHook.ITEM, field, clear), sealer.fingerprint(clear));
    }

    static void askForTheRest(TestApi api, String all) {
        api.ask(TestApi.put("/v1/message-hook", all, "{\"url\":\"https://example.com/hook\",\"onSilence\":\"allow\"}"));
    }
}
