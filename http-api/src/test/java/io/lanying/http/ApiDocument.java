package io.lanying.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What openapi.yaml says there is, so that tests of every call are of every call that there will be. */
public final class ApiDocument {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String LINES = "/requestBody/content/application~1x-ndjson";
    private static final String BYTES = "/requestBody/content/application~1octet-stream";
    private static final JsonNode DOCUMENT = read();

    /**
     * One documented operation.
     *
     * @param path the parameters of its path with their examples
     * @param headers the required ones, with values that fit
     * @param body the first example of its body, of lines the first one; absent if it takes none
     * @param bytes what its body is if that is no document; absent if it is one, or there is none
     * @param lines whether its body is lines of such documents
     * @param security the scopes by the credential's kind; empty if anybody may
     */
    public record Described(
            String method,
            String template,
            Map<String, String> path,
            Map<String, String> headers,
            Optional<JsonNode> body,
            Optional<String> bytes,
            boolean lines,
            Map<String, List<String>> security,
            Set<String> statuses) {

        /** The template with these values instead of the examples, which must be as they are to be on the wire. */
        public String target(Map<String, String> instead) {
            String target = template;
            for (var parameter : path.entrySet()) {
                String value = instead.getOrDefault(parameter.getKey(), parameter.getValue());
                target = target.replace("{" + parameter.getKey() + "}", value);
            }
            return target;
        }
    }

    private ApiDocument() {}

    public static List<Described> operations() {
        var operations = new ArrayList<Described>();
        for (var path : DOCUMENT.path("paths").properties()) {
            for (var call : path.getValue().properties()) {
                if (METHODS.contains(call.getKey())) {
                    operations.add(described(call.getKey(), path.getKey(), path.getValue(), call.getValue()));
                }
            }
        }
        return operations;
    }

    private static Described described(String method, String template, JsonNode path, JsonNode call) {
        var parameters = new ArrayList<JsonNode>();
        path.path("parameters").forEach(each -> parameters.add(resolved(each)));
        call.path("parameters").forEach(each -> parameters.add(resolved(each)));
        var inPath = new LinkedHashMap<String, String>();
        var headers = new LinkedHashMap<String, String>();
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                inPath.put(name, exampleOf(parameter, method + " " + template));
            } else if (parameter.path("in").asText().equals("header") && parameter.has("example")) {
                headers.put(name, parameter.path("example").asText());
            } else if (name.equals("Idempotency-Key")) {
                headers.put(name, "k");
            }
        }
        var bytes = call.at(BYTES);
        var statuses = new TreeSet<String>();
        call.path("responses").fieldNames().forEachRemaining(statuses::add);
        return new Described(
                method.toUpperCase(Locale.ROOT),
                template,
                inPath,
                headers,
                call.has("requestBody") && bytes.isMissingNode()
                        ? Optional.of(bodyOf(call.path("requestBody"), template))
                        : Optional.empty(),
                bytes.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(bytes.path("example").asText()),
                !call.at(LINES).isMissingNode(),
                security(call),
                statuses);
    }

    private static String exampleOf(JsonNode parameter, String operation) {
        if (!parameter.has("example")) {
            throw new AssertionError(
                    operation + ": the path's parameter " + parameter.path("name") + " has no example");
        }
        return parameter.path("example").asText();
    }

    private static JsonNode bodyOf(JsonNode requestBody, String template) {
        for (JsonNode example : requestBody.at("/content/application~1x-ndjson/examples")) {
            return json(example.path("value").asText().lines().findFirst().orElseThrow());
        }
        for (JsonNode example : requestBody.at("/content/application~1json/examples")) {
            return example.path("value");
        }
        throw new AssertionError(template + ": the body has no example");
    }

    private static Map<String, List<String>> security(JsonNode call) {
        if (!call.has("security")) {
            throw new AssertionError(call.path("operationId") + " does not say who may call it");
        }
        var kinds = new LinkedHashMap<String, List<String>>();
        for (JsonNode alternative : call.path("security")) {
            for (var kind : alternative.properties()) {
                var scopes = new ArrayList<String>();
                kind.getValue().forEach(scope -> scopes.add(scope.asText()));
                kinds.put(kind.getKey(), scopes);
            }
        }
        return kinds;
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    private static JsonNode read() {
        try (var in = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
