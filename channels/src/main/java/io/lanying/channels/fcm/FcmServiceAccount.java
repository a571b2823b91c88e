package io.lanying.channels.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is used of a service account file: who signs and for which project. Everything else in the file is left unread, above
 * all its addresses ({@code token_uri}, {@code auth_uri}, {@code universe_domain}, the certificate addresses): a file comes
 * from a tenant and must not be able to send the node anywhere.
 */
record FcmServiceAccount(String projectId, String clientEmail, String privateKeyId, PrivateKey privateKey) {

    /** A file of Google's is about 2.4 kB. */
    private static final int MAX_BYTES = 32 * 1024;

    private static final String ROOT = "/serviceAccount";
    private static final int MIN_KEY_BITS = 2048;
    private static final int MAX_KEY_BITS = 8192;

    /** It becomes part of the send address, so nothing that could change an address is let through. */
    private static final Pattern PROJECT = Pattern.compile("([a-z0-9][a-z0-9.-]{0,62}:)?[a-z][a-z0-9-]{0,61}[a-z0-9]");

    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._%+-]{1,128}@[A-Za-z0-9.-]{1,128}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{0,128}");
    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]{1,16384})-----END PRIVATE KEY-----\\s*");

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();

    /** What was read: an account, or what is wrong with it. */
    record Reading(Optional<FcmServiceAccount> account, List<Problem> problems) {}

    /** Reads {@code {"serviceAccount":{…}}}. The problems name fields and expectations, never values. */
    static Reading read(byte[] credential) {
        if (credential.length > MAX_BYTES) {
            return bad("", "tooLarge", "must be at most " + MAX_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = READER.readTree(new String(credential, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return bad("", "invalid", "must be a JSON object without repeated names");
        }
        if (!root.isObject()) {
            return bad("", "invalid", "must be a JSON object");
        }
        JsonNode file = root.path("serviceAccount");
        if (!file.isObject()) {
            return bad(ROOT, "required", "must be the service account file, a JSON object");
        }
        if (root.size() > 1) {
            return bad("", "unknown", "must hold serviceAccount and nothing else");
        }
        return readFile(file);
    }

    private static Reading readFile(JsonNode file) {
        List<Problem> problems = new ArrayList<>();
        if (!file.path("type").asText().equals("service_account")) {
            // The other types make the client fetch or run what the file names.
            problems.add(new Problem(
                    ROOT + "/type", "notServiceAccount", "must be service_account, no other type is taken"));
        }
        String projectId = text(file, "project_id", PROJECT, "must be the id of a Google Cloud project", problems);
        String clientEmail = text(file, "client_email", EMAIL, "must be the address of a service account", problems);
        String keyId = file.has("private_key_id")
                ? text(file, "private_key_id", KEY_ID, "must be the id of the key", problems)
                : "";
        Optional<PrivateKey> key = key(file, problems);
        if (!problems.isEmpty() || key.isEmpty()) {
            return new Reading(Optional.empty(), List.copyOf(problems));
        }
        return new Reading(Optional.of(new FcmServiceAccount(projectId, clientEmail, keyId, key.get())), List.of());
    }

    /** What may be shown: no secret. */
    String summary() {
        return "project " + projectId + ", " + clientEmail + (privateKeyId.isEmpty() ? "" : ", key " + privateKeyId);
    }

    @Override
    public String toString() {
        return "FcmServiceAccount[" + projectId + "]";
    }

    private static String text(JsonNode file, String name, Pattern form, String expected, List<Problem> problems) {
        JsonNode node = file.path(name);
        if (node.isMissingNode() || node.isNull()) {
            problems.add(new Problem(ROOT + "/" + name, "required", expected));
        } else if (!node.isTextual() || !form.matcher(node.textValue()).matches()) {
            problems.add(new Problem(ROOT + "/" + name, "invalid", expected));
        }
        return node.asText();
    }

    private static Optional<PrivateKey> key(JsonNode file, List<Problem> problems) {
        String pointer = ROOT + "/private_key";
        JsonNode node = file.path("private_key");
        if (!node.isTextual()) {
            problems.add(new Problem(pointer, "required", "must be a private key in PEM"));
            return Optional.empty();
        }
        var pem = PEM.matcher(node.textValue());
        Optional<RSAPrivateKey> key = pem.matches() ? decode(pem.group(1)) : Optional.empty();
        if (key.isEmpty()) {
            problems.add(
                    new Problem(pointer, "invalid", "must be an RSA private key in PEM (PKCS #8, BEGIN PRIVATE KEY)"));
            return Optional.empty();
        }
        int bits = key.get().getModulus().bitLength();
        if (bits < MIN_KEY_BITS || bits > MAX_KEY_BITS) {
            problems.add(new Problem(
                    pointer, "keySize", "must have " + MIN_KEY_BITS + " to " + MAX_KEY_BITS + " bits, has " + bits));
            return Optional.empty();
        }
        return Optional.of(key.get());
    }

    private static Optional<RSAPrivateKey> decode(String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            return key instanceof RSAPrivateKey rsa ? Optional.of(rsa) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Reading bad(String pointer, String code, String detail) {
        return new Reading(Optional.empty(), List.of(new Problem(pointer, code, detail)));
    }
}
