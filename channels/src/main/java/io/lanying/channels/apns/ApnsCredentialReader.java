package io.lanying.channels.apns;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one credential's JSON and finds what is wrong with it, as far as that shows without Apple. One use. What it says of
 * problems names fields and expectations, never values.
 */
final class ApnsCredentialReader {

    /** Base64 of a certificate with its chain has room; nothing sensible is larger. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_DEPTH = 8;
    private static final Pattern APPLE_ID = Pattern.compile("[A-Z0-9]{10}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
    private static final int MAX_TOPIC = 155;
    private static final Set<String> TOKEN_FIELDS = Set.of("type", "teamId", "keyId", "key", "topic");
    private static final Set<String> CERTIFICATE_FIELDS = Set.of("type", "p12", "password", "topic");

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Clock clock;
    private final List<Problem> problems = new ArrayList<>();

    private ApnsCredentialReader(Clock clock) {
        this.clock = clock;
    }

    /** What was found: a credential if it may be used, and the verdict on it. */
    record Found(Optional<ApnsCredential> credential, Verdict verdict) {}

    /** Reads it; never fails. */
    static Found read(byte[] credential, Clock clock) {
        ApnsCredentialReader reader = new ApnsCredentialReader(clock);
        Optional<ApnsCredential> read = reader.credential(credential);
        Verdict verdict = new Verdict(
                reader.problems, read.map(ApnsCredential::summary).orElse(""), read.flatMap(ApnsCredential::expiresAt));
        return new Found(verdict.isGood() ? read : Optional.empty(), verdict);
    }

    private Optional<ApnsCredential> credential(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            problem("", "invalid", "at most 64 KiB");
            return Optional.empty();
        }
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (IOException e) {
            problem("", "invalid", "a JSON object");
            return Optional.empty();
        }
        if (node == null || !node.isObject()) {
            problem("", "invalid", "a JSON object");
            return Optional.empty();
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "token" -> token(node);
            case "certificate" -> certificate(node);
            default -> {
                problem("/type", "invalid", "token (a .p8 key) or certificate (a .p12 file)");
                yield Optional.empty();
            }
        };
    }

    private Optional<ApnsCredential> token(JsonNode node) {
        onlyFields(node, TOKEN_FIELDS);
        Optional<String> teamId = matching(node, "teamId", APPLE_ID, "Apple's team id: 10 capital letters and digits");
        Optional<String> keyId = matching(node, "keyId", APPLE_ID, "the key's id: 10 capital letters and digits");
        Optional<String> topic = topic(node);
        Optional<java.security.interfaces.ECPrivateKey> key =
                text(node, "key").flatMap(pem -> SigningKeys.parse(pem, detail -> problem("/key", "invalid", detail)));
        if (teamId.isEmpty() || keyId.isEmpty() || topic.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ApnsCredential.Token(teamId.get(), keyId.get(), key.get(), topic.get()));
    }

    private Optional<ApnsCredential> certificate(JsonNode node) {
        onlyFields(node, CERTIFICATE_FIELDS);
        Optional<String> topic = topic(node);
        if (node.has("password") && !node.get("password").isTextual()) {
            problem("/password", "invalid", "a string");
            return Optional.empty();
        }
        String password = node.path("password").asText("");
        Optional<ClientCertificates.Entry> entry = text(node, "p12")
                .flatMap(p12 -> ClientCertificates.open(p12, password, detail -> problem("/p12", "invalid", detail)));
        entry.map(ClientCertificates.Entry::certificate).ifPresent(this::dates);
        if (topic.isEmpty() || entry.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ApnsCredential.Certificate(
                entry.get().certificate(), entry.get().key(), topic.get()));
    }

    private void dates(X509Certificate certificate) {
        Instant now = clock.instant();
        if (!now.isBefore(certificate.getNotAfter().toInstant())) {
            problem("/p12", "expired", "a certificate that has not expired");
        } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
            problem("/p12", "notYetValid", "a certificate that is valid already; check this machine's clock");
        }
    }

    private Optional<String> topic(JsonNode node) {
        return matching(node, "topic", TOPIC, "the app's bundle id: letters, digits, - and . (at most 155)")
                .filter(topic -> {
                    boolean fits = topic.length() <= MAX_TOPIC;
                    if (!fits) {
                        problem("/topic", "invalid", "at most 155 characters");
                    }
                    return fits;
                });
    }

    private Optional<String> matching(JsonNode node, String field, Pattern pattern, String expected) {
        return text(node, field).filter(value -> {
            boolean matches = pattern.matcher(value).matches();
            if (!matches) {
                problem("/" + field, "invalid", expected);
            }
            return matches;
        });
    }

    private Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            problem("/" + field, "required", "a string");
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            problem("/" + field, "invalid", "a string");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    private void onlyFields(JsonNode node, Set<String> known) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!known.contains(names.next())) {
                // Its name may be a secret that slipped out of its place.
                problem(
                        "",
                        "unknownField",
                        "only these fields: "
                                + String.join(", ", known.stream().sorted().toList()));
                return;
            }
        }
    }

    private void problem(String pointer, String code, String detail) {
        problems.add(new Problem(pointer, code, detail));
    }
}
