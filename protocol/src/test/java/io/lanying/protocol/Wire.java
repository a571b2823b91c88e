package io.lanying.protocol;

import akka.actor.typed.ActorSystem;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.util.function.Consumer;

/** Akka's own serialisation as the journal, the snapshot store and remoting use it. */
final class Wire {

    /** Rows in journals say that Jackson CBOR wrote them by this number, which is Akka's. */
    static final int JACKSON_CBOR = 33;

    static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

    private final Serialization serialization;

    Wire(ActorSystem<?> system) {
        serialization = SerializationExtension.get(system);
    }

    String manifest(Object message) {
        return ((SerializerWithStringManifest) serialization.findSerializerFor(message)).manifest(message);
    }

    int serializer(Object message) {
        return serialization.findSerializerFor(message).identifier();
    }

    byte[] encode(Object message) {
        return serialization.serialize(message).get();
    }

    Object decode(byte[] bytes, String manifest) {
        return decode(bytes, manifest, JACKSON_CBOR);
    }

    Object decode(byte[] bytes, String manifest, int serializer) {
        return serialization.deserialize(bytes, serializer, manifest).get();
    }

    Object roundTrip(Object message) {
        return decode(encode(message), manifest(message));
    }

    static JsonNode tree(byte[] cbor) throws IOException {
        return CBOR.readTree(cbor);
    }

    /** The same bytes after a change of every object in them. */
    static byte[] changed(byte[] cbor, Consumer<ObjectNode> change) throws IOException {
        JsonNode tree = tree(cbor);
        eachObject(tree, change);
        return CBOR.writeValueAsBytes(tree);
    }

    private static void eachObject(JsonNode node, Consumer<ObjectNode> change) {
        node.forEach(child -> eachObject(child, change));
        if (node instanceof ObjectNode object) {
            change.accept(object);
        }
    }
}
