package io.lanying.http.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentSettingsTest {

    @Test
    void aTypeCanBeAddedChangedAndTakenOut() {
        var settings = of("types { \"image/gif\" = null, \"image/png\" = 1 KiB, \"application/x-mine\" = 2 KiB }");
        assertThat(settings.types())
                .doesNotContainKey("image/gif")
                .containsEntry("image/png", 1024L)
                .containsEntry("application/x-mine", 2048L)
                .containsEntry("image/jpeg", 20L * 1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/xml",
                "application/javascript",
                "text/javascript",
                "application/x-sh",
                "application/wasm",
                "Text/Plain",
                "plain",
                "*/*",
            })
    void whatCanBeRunIsNeverAllowed(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("types { \"" + type + "\" = 1 KiB }"))
                .withMessageContaining(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-chunks = 0",
                "max-downloads = 0",
                "max-of-tenant = 0",
                "max-of-tenant = 1000",
                "chunk-timeout = 0 s",
                "chunk-timeout = 1 h",
                "types { \"image/png\" = 0 }",
            })
    void whatContradictsItselfIsRefused(String settings) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(settings));
    }

    @Test
    void aTypeMayNotHaveMoreThanCanBeKept() {
        of("").requireWithin(200L * 1024 * 1024);
        assertThatIllegalArgumentException().isThrownBy(() -> of("").requireWithin(100L * 1024 * 1024));
    }

    private static AttachmentSettings of(String changed) {
        return AttachmentSettings.from(ConfigFactory.parseString("push.http.attachments { " + changed + " }")
                .withFallback(ConfigFactory.load()));
    }
}
