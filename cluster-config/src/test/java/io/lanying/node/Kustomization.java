package io.lanying.node;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Renders what {@code cluster-config/kubernetes} uses of Kustomize, as Kustomize does, and refuses whatever else it meets. {@link
 * KustomizationTest} compares the two where Kustomize is installed.
 */
final class Kustomization {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS =
            Set.of("apiVersion", "kind", "namespace", "nameSuffix", "images", "resources", "patches");
    private static final Set<String> IMAGE_KEYS = Set.of("name", "newName", "newTag");

    /** Lists whose elements a patch finds by their names. */
    private static final Set<String> MERGED_LISTS = Set.of("containers", "env");

    /** Patches find a resource by each name that it has had. */
    private record Resource(ObjectNode tree, Set<String> names) {

        boolean isMeantBy(JsonNode patch) {
            return tree.path("apiVersion").equals(patch.path("apiVersion"))
                    && tree.path("kind").equals(patch.path("kind"))
                    && names.contains(nameOf(patch));
        }
    }

    private final Path directory;
    private final JsonNode spec;
    private final List<Resource> resources = new ArrayList<>();

    private Kustomization(Path directory) {
        this.directory = directory;
        this.spec = only(directory.resolve("kustomization.yaml"));
        require(spec.path("kind").asText().equals("Kustomization"), "kind " + spec.path("kind"));
        requireOnly(KEYS, spec);
    }

    /** @throws IllegalArgumentException naming what it does not know */
    static List<ObjectNode> render(Path directory) {
        return new Kustomization(directory)
                .rendered().stream().map(Resource::tree).toList();
    }

    private List<Resource> rendered() {
        spec.path("resources").forEach(each -> add(directory.resolve(each.asText())));
        spec.path("patches").forEach(each -> {
            requireOnly(Set.of("path"), each);
            // One a file: Kustomize 5.5 breaks down on two that delete.
            apply(only(directory.resolve(each.path("path").asText())));
        });
        if (spec.has("namespace")) {
            resources.forEach(each -> moveTo(spec.path("namespace").asText(), each.tree));
        }
        if (spec.has("nameSuffix")) {
            // Kustomize would rename what refers to it, too.
            require(resources.size() == 1, "nameSuffix for more than one resource");
            Resource alone = resources.get(0);
            String name = nameOf(alone.tree) + spec.path("nameSuffix").asText();
            metadata(alone.tree).put("name", name);
            alone.names.add(name);
        }
        spec.path("images").forEach(image -> {
            requireOnly(IMAGE_KEYS, image);
            resources.forEach(each -> each.tree
                    .at("/spec/template/spec/containers")
                    .forEach(container -> retag((ObjectNode) container, image)));
        });
        return resources;
    }

    private void add(Path resource) {
        if (Files.isDirectory(resource)) {
            resources.addAll(new Kustomization(resource).rendered());
        } else {
            documents(resource).forEach(tree -> resources.add(new Resource(tree, new HashSet<>(Set.of(nameOf(tree))))));
        }
    }

    private void apply(ObjectNode patch) {
        List<Resource> meant =
                resources.stream().filter(each -> each.isMeantBy(patch)).toList();
        require(meant.size() == 1, "patch of " + patch.path("kind") + nameOf(patch) + " fits " + meant.size());
        if (patch.has("$patch")) {
            require(patch.path("$patch").asText().equals("delete"), "$patch " + patch.path("$patch"));
            resources.removeAll(meant);
        } else {
            merge(meant.get(0).tree, patch);
        }
    }

    private void merge(ObjectNode target, JsonNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            JsonNode old = target.path(field.getKey());
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value.isArray()) {
                mergeList(field.getKey(), old, value);
            } else if (value.isObject() && old.isObject()) {
                merge((ObjectNode) old, value);
            } else {
                target.set(field.getKey(), value);
            }
        });
    }

    private void mergeList(String name, JsonNode target, JsonNode patch) {
        require(MERGED_LISTS.contains(name), "a patch of the list " + name);
        for (JsonNode each : patch) {
            List<JsonNode> same = StreamSupport.stream(target.spliterator(), false)
                    .filter(old -> old.path("name").equals(each.path("name")))
                    .toList();
            require(same.size() == 1, "a patch of " + name + " that fits " + same.size());
            merge((ObjectNode) same.get(0), each);
        }
    }

    private static void moveTo(String namespace, ObjectNode tree) {
        metadata(tree).put("namespace", namespace);
        for (JsonNode subject : tree.path("subjects")) {
            if (subject.path("kind").asText().equals("ServiceAccount")) {
                ((ObjectNode) subject).put("namespace", namespace);
            }
        }
    }

    private static void retag(ObjectNode container, JsonNode image) {
        String[] parts = container.path("image").asText().split(":", 2);
        if (parts[0].equals(image.path("name").asText())) {
            String tag = image.path("newTag").asText(parts.length == 2 ? parts[1] : "latest");
            container.put("image", image.path("newName").asText(parts[0]) + ":" + tag);
        }
    }

    private static String nameOf(JsonNode tree) {
        return tree.at("/metadata/name").asText();
    }

    private static ObjectNode metadata(ObjectNode tree) {
        return (ObjectNode) tree.path("metadata");
    }

    private ObjectNode only(Path file) {
        List<ObjectNode> all = documents(file);
        require(all.size() == 1, all.size() + " documents in " + file);
        return all.get(0);
    }

    /** The documents of a YAML file; a key that is there twice is refused. */
    static List<ObjectNode> documents(Path file) {
        try (var values = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
            return values.readAll();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void requireOnly(Set<String> known, JsonNode tree) {
        tree.fieldNames().forEachRemaining(key -> require(known.contains(key), "the key " + key));
    }

    private void require(boolean fact, String what) {
        if (!fact) {
            throw new IllegalArgumentException(directory + ": not known to this renderer: " + what);
        }
    }
}
