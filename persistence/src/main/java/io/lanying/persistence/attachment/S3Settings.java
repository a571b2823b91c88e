package io.lanying.persistence.attachment;

import com.typesafe.config.Config;
import io.lanying.persistence.StartRefused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which bucket of an S3-compatible store, and who we are there.
 *
 * @param endpoint absent: Amazon's of the region
 * @param prefix goes before every object's name; empty, or with a slash at its end
 * @param credentialsFile two lines, access key id and secret access key; absent: {@code AWS_ACCESS_KEY_ID} and
 *     {@code AWS_SECRET_ACCESS_KEY}
 */
record S3Settings(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String prefix,
        boolean pathStyle,
        Optional<Path> credentialsFile) {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-]+/)*");

    S3Settings {
        require(bucket.isEmpty() || BUCKET.matcher(bucket).matches(), "bucket is not a bucket's name");
        require(PREFIX.matcher(prefix).matches(), "prefix must be empty or like a/b/");
        require(endpoint.isEmpty() || isHttp(endpoint.get()), "endpoint must be an http or https address");
    }

    static S3Settings from(Config config) {
        return new S3Settings(
                given(config, "endpoint").map(URI::create),
                config.getString("region"),
                config.getString("bucket"),
                config.getString("prefix"),
                config.getBoolean("path-style"),
                given(config, "credentials-file").map(Path::of));
    }

    boolean isUsed() {
        return !bucket.isEmpty();
    }

    boolean isComplete() {
        return isUsed() && !region.isEmpty();
    }

    /** Prints nothing of itself. */
    record Credentials(String accessKeyId, String secretAccessKey) {

        @Override
        public String toString() {
            return "Credentials[…]";
        }
    }

    /** Read anew each time, so that a file can be replaced while the node runs. */
    Credentials credentials() {
        String id;
        String secret;
        if (credentialsFile.isPresent()) {
            try {
                var lines = Files.readAllLines(credentialsFile.get());
                id = lines.isEmpty() ? "" : lines.get(0).strip();
                secret = lines.size() < 2 ? "" : lines.get(1).strip();
            } catch (IOException e) {
                throw new StartRefused(
                        "push.persistence.attachments.s3: credentials-file cannot be read: " + credentialsFile.get(),
                        e);
            }
        } else {
            id = Optional.ofNullable(System.getenv("AWS_ACCESS_KEY_ID")).orElse("");
            secret = Optional.ofNullable(System.getenv("AWS_SECRET_ACCESS_KEY")).orElse("");
        }
        require(
                !id.isEmpty() && !secret.isEmpty(),
                "no credentials: set credentials-file, or AWS_ACCESS_KEY_ID and" + " AWS_SECRET_ACCESS_KEY");
        return new Credentials(id, secret);
    }

    private static boolean isHttp(URI uri) {
        return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }

    private static Optional<String> given(Config config, String path) {
        return Optional.of(config.getString(path)).filter(text -> !text.isEmpty());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new StartRefused("push.persistence.attachments.s3: " + what);
        }
    }
}
