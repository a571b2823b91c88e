package io.lanying.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Frames to bytes and back, in one of the two formats, for server, clients and load programs alike. Thread-safe.
 *
 * <p>Written frames have {@code t} first. When reading: unknown fields are ignored; a frame of unknown type is an empty
 * answer, to be ignored; anything that is not exactly one object with {@code t} and the fields of its type, within the
 * limits (from the app 64 KiB and 32 levels, from the server 256 KiB and 64 levels), is a {@link BadFrameException}.
 */
public final class FrameCodec {

    /** The longest frame an app may send, in bytes. */
    public static final int MAX_CLIENT_BYTES = 64 * 1024;

    /** The longest frame a server sends, in bytes: a body of 64 KiB with room for escapes. */
    public static final int MAX_SERVER_BYTES = 256 * 1024;

    private static final int MAX_CLIENT_DEPTH = 32;
    private static final int MAX_SERVER_DEPTH = 64;

    private static final DateTimeFormatter RFC_3339_MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final FrameCodec JSON = new FrameCodec(FrameFormat.JSON);
    private static final FrameCodec CBOR = new FrameCodec(FrameFormat.CBOR);
    // Names in bodies are the tenants' own: never interned.
    private static final JsonFactory BODIES = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final FrameFormat format;
    private final ObjectReader clientFrames;
    private final ObjectReader serverFrames;
    private final ObjectWriter clientWriter;
    private final ObjectWriter serverWriter;
    private final JsonFactory factory;

    private FrameCodec(FrameFormat format) {
        ObjectMapper fromApp = mapper(format, MAX_CLIENT_BYTES, MAX_CLIENT_DEPTH, true);
        ObjectMapper fromServer = mapper(format, MAX_SERVER_BYTES, MAX_SERVER_DEPTH, false);
        this.format = format;
        this.clientFrames = fromApp.readerFor(ClientFrame.class);
        this.clientWriter = fromApp.writerFor(ClientFrame.class);
        this.serverFrames = fromServer.readerFor(ServerFrame.class);
        this.serverWriter = fromServer.writerFor(ServerFrame.class);
        this.factory = fromServer.getFactory();
    }

    /** The codec of a format. */
    public static FrameCodec of(FrameFormat format) {
        return format == FrameFormat.JSON ? JSON : CBOR;
    }

    /** Which format this is. */
    public FrameFormat format() {
        return format;
    }

    /** Reads what an app sent; empty: a type this build does not know. */
    public Optional<ClientFrame> readClient(byte[] bytes) throws BadFrameException {
        return read(clientFrames, bytes, MAX_CLIENT_BYTES, ClientFrame.class);
    }

    /** Reads what a server sent; empty: a type this build does not know. */
    public Optional<ServerFrame> readServer(byte[] bytes) throws BadFrameException {
        return read(serverFrames, bytes, MAX_SERVER_BYTES, ServerFrame.class);
    }

    public byte[] write(ClientFrame frame) {
        return write(clientWriter, frame);
    }

    public byte[] write(ServerFrame frame) {
        return write(serverWriter, frame);
    }

    /**
     * Writes an {@code item} frame round a body that is JSON in UTF-8 already. In JSON the body's bytes are copied, not
     * looked at: they must be one valid JSON object.
     *
     * @throws UncheckedIOException if the format is CBOR and the body is not JSON
     */
    public byte[] writeItem(ItemHead head, byte[] body) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(body.length + 256)) {
            try (JsonGenerator generator = factory.createGenerator(out)) {
                generator.writeStartObject();
                writeHead(generator, head);
                generator.writeFieldName("body");
                if (format == FrameFormat.JSON) {
                    generator.writeRawValue(new RawUtf8(body));
                } else {
                    transcode(body, generator);
                }
                generator.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A time as frames carry it. */
    public static String time(Instant at) {
        return RFC_3339_MILLIS.format(at);
    }

    private static void writeHead(JsonGenerator generator, ItemHead head) throws IOException {
        generator.writeStringField("t", "item");
        generator.writeNumberField("itemSeq", head.itemSeq());
        generator.writeStringField("id", head.id());
        if (head.notificationId() != null) {
            generator.writeStringField("notificationId", head.notificationId());
        }
        generator.writeStringField("kind", head.kind());
        generator.writeStringField("at", time(head.at()));
        if (head.redeliveryOf() != null) {
            generator.writeNumberField("redeliveryOf", head.redeliveryOf());
        }
    }

    private static void transcode(byte[] body, JsonGenerator generator) throws IOException {
        try (JsonParser parser = BODIES.createParser(body)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        }
    }

    private static <F> Optional<F> read(ObjectReader reader, byte[] bytes, int maxBytes, Class<F> type)
            throws BadFrameException {
        if (bytes.length > maxBytes) {
            throw new BadFrameException("too long");
        }
        try {
            F frame = reader.readValue(bytes, type);
            if (frame == null) {
                throw new BadFrameException("not an object");
            }
            return Optional.of(frame);
        } catch (InvalidTypeIdException e) {
            if (e.getTypeId() == null) {
                throw new BadFrameException("no type");
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new BadFrameException("not a frame");
        }
    }

    private static byte[] write(ObjectWriter writer, Object frame) {
        try {
            return writer.writeValueAsBytes(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectMapper mapper(FrameFormat format, int maxBytes, int maxDepth, boolean unique) {
        TSFBuilder<?, ?> factory = format == FrameFormat.JSON ? JsonFactory.builder() : CBORFactory.builder();
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxDocumentLength(maxBytes)
                .maxNestingDepth(maxDepth)
                .maxStringLength(maxBytes)
                .maxNumberLength(64)
                .maxNameLength(128)
                .build();
        JsonFactory strict = (JsonFactory) factory.configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, unique)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(limits)
                .build();
        // A JsonMapper over a CBOR factory writes and reads CBOR: one set of rules for both formats.
        return JsonMapper.builder(strict)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
    }
}
