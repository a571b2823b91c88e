package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.node.cli.Api.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The quickstart's first act: a tenant, its key, its devices. Each run has a tenant of its own, so nothing is deleted. */
final class QuickstartTenant {

    private final PrintWriter out;

    QuickstartTenant(PrintWriter out) {
        this.out = out;
    }

    /** A tenant's name and its API. */
    record Made(String tenantId, String key, Api api) {}

    Made make(Api operator) {
        String wanted = "quickstart-"
                + DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").format(ZonedDateTime.now(ZoneOffset.UTC));
        JsonNode tenant = call(
                "POST /v1/admin/tenants",
                () -> operator.post(
                        "/v1/admin/tenants",
                        Json.object().put("tenantId", wanted).put("name", "Quickstart"),
                        wanted));
        String tenantId = tenant.path("tenantId").asText();
        out.println("  tenant " + tenantId);
        String keys = "/v1/admin/tenants/" + tenantId + "/api-keys";
        ObjectNode wish = Json.object().put("name", "quickstart");
        wish.withArray("scopes").add("*");
        JsonNode key = call("POST " + keys, () -> operator.post(keys, wish, "key-" + tenantId));
        out.println("  API key " + key.path("keyId").asText());
        String secret = key.path("key").asText();
        return new Made(tenantId, secret, operator.with(secret));
    }

    void register(Api tenant, List<String> devices) {
        for (String device : devices) {
            ObjectNode body = Json.object().put("userId", "ada").put("platform", "other");
            JsonNode made = call("PUT /v1/devices/" + device, () -> tenant.put("/v1/devices/" + device, body));
            out.println("  device " + made.path("deviceId").asText() + " of user "
                    + made.path("userId").asText());
        }
    }

    interface Call {
        Answer answer() throws IOException;
    }

    static JsonNode call(String name, Call call) {
        try {
            return Audit.good(name, call.answer());
        } catch (IOException e) {
            throw new CommandFailed("no answer to " + name + ": " + e.getClass().getSimpleName(), e);
        }
    }
}
