package io.lanying.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Parses what strangers send: UTF-8 only, one document, no duplicate names, bounded in every direction. Thread-safe.
 *
 * <p>Not the mapper of journals and cluster messages, and without data binding: nothing in a document can name a class.
 */
public final class StrictJson {

    public static final int MAX_BYTES = 64 * 1024;
    static final int MAX_DEPTH = 32;
    static final int MAX_NUMBER = 64;
    static final int MAX_NAME = 128;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_BYTES)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .maxDocumentLength(MAX_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // A shared table of strangers' names could be filled with colliding ones.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final ObjectMapper TREES = new ObjectMapper(FACTORY);

    private StrictJson() {}

    /** The document, or a problem that names the place but repeats none of the text. */
    public static Checked<JsonNode> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Checked.refused(Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "at most " + MAX_BYTES + " bytes"));
        }
        String text;
        try {
            text = decode(bytes);
        } catch (CharacterCodingException e) {
            return malformed("not UTF-8");
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonNode root = TREES.readTree(parser);
            if (root == null || root.isMissingNode()) {
                return malformed("no document");
            }
            if (parser.nextToken() != null) {
                return malformed("text after the document");
            }
            if (text.contains("\\u") && hasLoneSurrogate(root)) {
                return malformed("a string holds half a surrogate pair");
            }
            return Checked.ok(root);
        } catch (StreamConstraintsException e) {
            return malformed("too deep, or a name, number or string is too long");
        } catch (JsonProcessingException e) {
            return malformed(placeOf(e));
        } catch (IOException e) {
            throw new IllegalStateException("reading a string cannot fail", e);
        }
    }

    /** Jackson would guess UTF-16 and UTF-32 from bytes, and forgive overlong forms: the JDK's strict decoder does not. */
    private static String decode(byte[] bytes) throws CharacterCodingException {
        for (byte each : bytes) {
            if (each < 0) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean hasLoneSurrogate(JsonNode node) {
        if (node.isTextual()) {
            return isBroken(node.textValue());
        }
        for (var field : node.properties()) {
            if (isBroken(field.getKey())) {
                return true;
            }
        }
        for (JsonNode child : node) {
            if (hasLoneSurrogate(child)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBroken(String text) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static String placeOf(JsonProcessingException e) {
        var place = e.getLocation();
        return place == null
                ? "not JSON"
                : "not JSON, or a name twice, at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    private static Checked<JsonNode> malformed(String detail) {
        return Checked.refused(Problem.of(ErrorCode.MALFORMED_JSON, detail));
    }
}
