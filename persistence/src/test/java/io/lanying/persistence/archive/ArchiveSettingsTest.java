package io.lanying.persistence.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.StartRefused;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArchiveSettingsTest {

    @Test
    void defaultsAreWithinTheLimitsAndNothingElseIsTaken() {
        assertThat(of("")).isEqualTo(new ArchiveSettings(Duration.ofDays(30), 8 * 1024 * 1024, 10_000));
        assertThat(of("older-than = 7 d").olderThan()).isEqualTo(Duration.ofDays(7));
        refused("older-than = 167 h", "older-than must be 7 to 3650 days, it is 6 days");
        refused("older-than = 3651 d", "older-than must be");
        refused("segment-bytes = 1 KiB", "segment-bytes must be");
        refused("segment-bytes = 1 TiB", "push.persistence.archive");
        refused("segment-events = 0", "segment-events must be");
        assertThatThrownBy(() -> of("").withOlderThan(Duration.ofDays(6))).isInstanceOf(StartRefused.class);
    }

    private static void refused(String setting, String why) {
        assertThatThrownBy(() -> of(setting)).isInstanceOf(StartRefused.class).hasMessageContaining(why);
    }

    private static ArchiveSettings of(String changed) {
        return ArchiveSettings.from(ConfigFactory.parseString("push.persistence.archive { " + changed + " }")
                .withFallback(ConfigFactory.load()));
    }
}
