package io.lanying.http.attachment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings under {@code push.http.attachments}; what contradicts itself is refused at start.
 *
 * @param types how many bytes a content of each type that is allowed may have
 * @param maxChunks that are being received or downloaded at once on this node
 * @param maxOfTenant how many of those are of one tenant
 */
public record AttachmentSettings(
        Map<String, Long> types, int maxChunks, int maxDownloads, int maxOfTenant, Duration chunkTimeout) {

    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}");

    /** What a browser might run, or read as a document that runs something. */
    private static final Pattern ACTIVE =
            Pattern.compile(".*(html|xml|svg|script|x-shockwave-flash|wasm|x-msdownload|x-sh|x-httpd).*");

    public AttachmentSettings {
        types = Map.copyOf(types);
        types.forEach((type, bytes) -> {
            require(TYPE.matcher(type).matches(), "types: " + type + " is not a media type in lower case");
            require(
                    !ACTIVE.matcher(type).matches(),
                    "types: contents of " + type + " can be run, so it is never allowed");
            require(bytes >= 1, "types: " + type + " must be at least 1 byte");
        });
        require(maxChunks >= 1 && maxDownloads >= 1 && maxOfTenant >= 1, "max-… must be positive");
        require(
                maxOfTenant <= Math.max(maxChunks, maxDownloads),
                "max-of-tenant must not be more than max-chunks and max-downloads");
        require(
                chunkTimeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && chunkTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "chunk-timeout must be 1 s to 10 minutes");
    }

    /** @param all the system's whole configuration */
    public static AttachmentSettings from(Config all) {
        var config = all.getConfig("push.http.attachments");
        var types = new TreeMap<String, Long>();
        var configured = config.getConfig("types");
        for (String type : configured.root().keySet()) {
            String path = ConfigUtil.quoteString(type);
            if (configured.hasPath(path)) { // null takes one out
                types.put(type, configured.getBytes(path));
            }
        }
        return new AttachmentSettings(
                types,
                config.getInt("max-chunks"),
                config.getInt("max-downloads"),
                config.getInt("max-of-tenant"),
                config.getDuration("chunk-timeout"));
    }

    /** Refuses types that the store could not keep. */
    public void requireWithin(long maxBytes) {
        types.forEach((type, bytes) -> require(
                bytes <= maxBytes,
                "types: " + type + " may have " + bytes + " bytes, but at most " + maxBytes
                        + " can be kept (10,000 times push.persistence.attachments.chunk-bytes)"));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("push.http.attachments: " + what);
        }
    }
}
