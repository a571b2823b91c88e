package io.lanying.node;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The published contract: the operations and statuses of openapi.yaml, the frames of asyncapi.yaml. */
final class Contract {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private Contract() {}

    /**
     * One operation.
     *
     * @param template its path, parameters in braces
     * @param statuses the documented ones
     */
    record Operation(String method, String template, boolean body, Set<Integer> statuses) {

        boolean matches(String otherMethod, String path) {
            String pattern = "\\Q" + template.replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q") + "\\E";
            return method.equals(otherMethod) && Pattern.matches(pattern, path);
        }

        String name(int status) {
            return method + " " + template + " " + status;
        }
    }

    static List<Operation> operations(String openapi) {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : yaml(openapi).path("paths").properties()) {
            for (Map.Entry<String, JsonNode> call : path.getValue().properties()) {
                if (METHODS.contains(call.getKey())) {
                    Set<Integer> statuses = new TreeSet<>();
                    call.getValue()
                            .path("responses")
                            .fieldNames()
                            .forEachRemaining(status -> statuses.add(Integer.valueOf(status)));
                    operations.add(new Operation(
                            call.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            call.getValue().has("requestBody"),
                            statuses));
                }
            }
        }
        return operations;
    }

    /** Every documented combination, as {@code METHOD /template status}. */
    static Set<String> documented(List<Operation> operations) {
        Set<String> all = new TreeSet<>();
        operations.forEach(operation -> operation.statuses().forEach(status -> all.add(operation.name(status))));
        return all;
    }

    /** The same for what was observed; what belongs to no operation is named by its own path. */
    static Set<String> observed(List<Operation> operations, Collection<Http.Observed> answers) {
        Set<String> all = new TreeSet<>();
        for (Http.Observed answer : answers) {
            Optional<Operation> operation = operations.stream()
                    .filter(candidate -> candidate.matches(answer.method(), answer.path()))
                    .min(Comparator.comparing(candidate ->
                            candidate.template().chars().filter(c -> c == '{').count()));
            all.add(operation
                    .map(found -> found.name(answer.status()))
                    .orElse(answer.method() + " " + answer.path() + " " + answer.status() + " (no operation)"));
        }
        return all;
    }

    /** Frames of one direction: the names of the messages that the operation with this name carries. */
    static Set<String> frames(String asyncapi, String operation) {
        JsonNode document = yaml(asyncapi);
        Set<String> names = new TreeSet<>();
        for (JsonNode message : document.path("operations").path(operation).path("messages")) {
            String reference = message.path("$ref").asText();
            names.add(reference.substring(reference.lastIndexOf('/') + 1));
        }
        return names;
    }

    /** The close codes that asyncapi.yaml names. */
    static Set<Integer> closeCodes(String asyncapi) {
        Set<Integer> codes = new TreeSet<>();
        yaml(asyncapi)
                .path("channels")
                .path("deviceSocket")
                .path("x-close-codes")
                .forEach(code -> codes.add(code.path("code").asInt()));
        return codes;
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not YAML", e);
        }
    }
}
