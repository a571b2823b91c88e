package io.lanying.channels.simulator.apns;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** HTTP/2 as the JDK speaks it, and provider tokens made by hand: nothing of Pushy, nothing of the adapter. */
final class RawClient {

    static final String TOKEN = "0011223344556677889900112233445566778899001122334455667788990011";

    private final ApnsSimulator simulator;
    private final HttpClient client;
    private final KeyPair pair;
    private final String bearer;

    RawClient(ApnsSimulator simulator) {
        this.simulator = simulator;
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "simulator",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(
                                    simulator.trustPem().getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(tls)
                    .build();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            pair = generator.generateKeyPair();
            bearer = bearer("ABCDE12345", Instant.now());
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyPair pair() {
        return pair;
    }

    /** A provider token. */
    String bearer(String team, Instant issuedAt) {
        String head = base64("{\"alg\":\"ES256\",\"kid\":\"ABC123DEFG\"}");
        String claims = base64("{\"iss\":\"" + team + "\",\"iat\":" + issuedAt.getEpochSecond() + "}");
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return "bearer " + head + "." + claims + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The headers of the first worked example. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("authorization", bearer);
        headers.put("apns-topic", "com.example.app");
        headers.put("apns-push-type", "alert");
        headers.put("apns-priority", "10");
        headers.put("apns-expiration", "1700003600");
        headers.put("apns-id", "123e4567-e89b-12d3-a456-426614174000");
        return headers;
    }

    HttpResponse<String> post(String path, Map<String, String> headers, String body) {
        return request("POST", path, headers, body).join();
    }

    CompletableFuture<HttpResponse<String>> request(
            String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://" + simulator.endpoint() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
