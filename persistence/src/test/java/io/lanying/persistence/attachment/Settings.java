package io.lanying.persistence.attachment;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;

/** The module's own settings, with some of them changed. */
final class Settings {

    static final Duration EXPIRY = Duration.ofHours(24);

    private Settings() {}

    static AttachmentSettings with(int chunkBytes, long tenantBytes) {
        return of("chunk-bytes = " + chunkBytes + ", tenant-bytes = " + tenantBytes);
    }

    static AttachmentSettings of(String changed) {
        return AttachmentSettings.from(
                ConfigFactory.parseString("push.persistence.attachments { " + changed + " }")
                        .withFallback(ConfigFactory.load())
                        .getConfig("push.persistence.attachments"),
                Path.of("data"));
    }
}
