package io.lanying.channels.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    /** The example date of RFC 9110 §5.6.7, less a minute. */
    private static final Instant NOW = Instant.parse("1994-11-06T08:48:37Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | 120",
                "0 | 0",
                "9999999999 | 86400",
                "Sun, 06 Nov 1994 08:49:37 GMT | 60",
                "Sun Nov  6 08:49:37 1994 | 60",
                "Sun, 06 Nov 1994 08:47:37 GMT | 0",
                "Sat, 06 Nov 2094 08:47:37 GMT | 86400"
            })
    void bothFormsAreRead(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999", "Sun, 32 Nov 1994 08:49:37 GMT"})
    void anythingElseIsNothing(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEmpty();
    }

    @Test
    void theObsoleteFormWithTheDaysFullNameIsRead() {
        assertThat(RetryAfter.parse("Saturday, 06-Nov-94 08:49:37 GMT", Instant.parse("2094-11-06T08:48:37Z")))
                .contains(Duration.ofSeconds(60));
    }
}
