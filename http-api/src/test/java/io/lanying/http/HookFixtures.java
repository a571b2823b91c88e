package io.lanying.http;

import static io.lanying.http.TestApi.NOW;

import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Message hooks of tenants in tests. */
public final class HookFixtures {

    private static final String PATH = "/v1/message-hook";

    private HookFixtures() {}

    /** @param version tells it from those before */
    public static MessageHook hook(
            TestApi api, String tenant, long version, String url, byte[] secret, int timeoutMillis, OnSilence policy) {
        return new MessageHook(
                version,
                print(api, tenant, MessageHook.URL, url.getBytes(StandardCharsets.UTF_8)),
                print(api, tenant, MessageHook.SECRET, secret),
                timeoutMillis,
                policy,
                NOW);
    }

    private static MessageHook.Print print(TestApi api, String tenant, String field, byte[] clear) {
        var sealer =
                api.sealing.sealer(tenant, Subject.TENANT).toCompletableFuture().join();
        return new MessageHook.Print(sealer.seal(MessageHook.ITEM, field, clear), sealer.fingerprint(clear));
    }

    static void askForTheRest(TestApi api, String all) {
        api.ask(TestApi.put(PATH, all, "{\"url\":\"https://example.com/hook\",\"onSilence\":\"allow\"}"));
        api.messageHook(
                "acme",
                Optional.of(hook(api, "acme", 9, "https://example.com/hook", new byte[32], 1_000, OnSilence.ALLOW)));
        api.ask(TestApi.get(PATH, all));
        api.messageHook("acme", Optional.empty());
    }
}
