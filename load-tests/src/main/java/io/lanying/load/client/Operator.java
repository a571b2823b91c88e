package io.lanying.load.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;

/** The operator: makes tenants and their keys. */
public final class Operator {

    private final HttpClient http;
    private final Entrances entrances;
    private final Api api;

    public Operator(HttpClient http, URI base, String operatorKey) {
        this(http, Entrances.only(base), operatorKey);
    }

    public Operator(HttpClient http, Entrances entrances, String operatorKey) {
        this.http = http;
        this.entrances = entrances;
        this.api = new Api(http, entrances, operatorKey);
    }

    /** Makes a tenant and a key with all rights; the key becomes a canary, since nothing may keep it in clear. */
    public CompletableFuture<Service> newTenant(String tenant, Recorder recorder) {
        return newKey(tenant).thenApply(key -> {
            recorder.add(new HistoryEvent.Canary(tenant, secretPart(key), true));
            return new Service(tenant, new Api(http, entrances, key), recorder);
        });
    }

    /** Makes a tenant and returns a key with all rights. */
    public CompletableFuture<String> newKey(String tenant) {
        ObjectNode body = Answer.JSON.createObjectNode().put("tenantId", tenant).put("name", tenant);
        ObjectNode key = Answer.JSON.createObjectNode().put("name", "load");
        key.putArray("scopes").add("*");
        String keys = "/v1/admin/tenants/" + tenant + "/api-keys";
        // Another idempotency key each time: a key that was made without our seeing it is not shown again.
        return Api.patiently(attempt -> api.post("/v1/admin/tenants", body, "make-" + tenant))
                .thenApply(Answer::orThrow)
                .thenCompose(made -> Api.patiently(attempt -> api.post(keys, key, "key-" + tenant + "-" + attempt)))
                .thenApply(answer -> answer.orThrow().json().get("key").asText());
    }

    private static String secretPart(String key) {
        return key.substring(Math.max(0, key.length() - 40));
    }
}
