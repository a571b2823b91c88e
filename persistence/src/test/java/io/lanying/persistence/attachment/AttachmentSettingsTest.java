package io.lanying.persistence.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.persistence.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentSettingsTest {

    @Test
    void theDefaultsHold() {
        var settings = Settings.of("");
        assertThat(settings.store()).isEqualTo(AttachmentSettings.Store.DIRECTORY);
        assertThat(settings.directory()).isEqualTo(Path.of("data", "attachments"));
        assertThat(settings.uploadExpiry()).isEqualTo(Settings.EXPIRY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "store = ftp                                        | store must be directory or s3",
                "chunk-bytes = 100                                  | chunk-bytes must be",
                "chunk-bytes = 9 MiB                                | chunk-bytes must be",
                "chunk-bytes = 9000000 MiB                          | integer overflow",
                "tenant-bytes = 1 KiB                               | tenant-bytes must be",
                "upload-expiry = 1 s                                | upload-expiry must be",
                "sweep-interval = 2 h                               | sweep-interval must be",
                "store = s3                                         | it needs s3.bucket and s3.region",
                "store = s3, s3.bucket = abc                        | it needs s3.bucket and s3.region",
                "s3.bucket = abc                                    | but store is directory",
                "store = s3, directory = /a, s3 { bucket = abc, region = r } | but directory is set",
                "store = s3, s3 { bucket = ABC, region = r }        | not a bucket's name",
                "store = s3, s3 { bucket = abc, region = r, prefix = \"../\" } | prefix must be",
                "store = s3, s3 { bucket = abc, region = r, endpoint = \"ftp://a\" } | endpoint must be",
            })
    void whatContradictsItselfIsRefused(String settings, String why) {
        assertThatThrownBy(() -> Settings.of(settings))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(why);
    }

    @Test
    void credentialsComeFromAFileAndAreNotShown(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("credentials");
        Files.writeString(file, "id-1\nsecret-canary\n");
        var s3 = Settings.of("store = s3, s3 { bucket = abc, region = r, credentials-file = \"" + file + "\" }")
                .s3();
        assertThat(s3.credentials().secretAccessKey()).isEqualTo("secret-canary");
        assertThat(s3.credentials().toString() + s3).doesNotContain("canary");
        Files.writeString(file, "id-2\nother\n");
        assertThat(s3.credentials().accessKeyId()).isEqualTo("id-2");
        Files.writeString(file, "id-2\n");
        assertThatThrownBy(s3::credentials).hasMessageContaining("no credentials");
    }
}
