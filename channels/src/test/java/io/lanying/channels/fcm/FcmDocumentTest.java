package io.lanying.channels.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/channels.md says of FCM is what the code does, both ways. */
class FcmDocumentTest {

    /** The lines of a table between two marks of the document, without its head. */
    private static List<String> table(String mark) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "channels.md"));
        int from = lines.indexOf("<!-- " + mark + " -->");
        int to = lines.indexOf("<!-- end of " + mark + " -->");
        assertThat(from).as(mark).isNotNegative();
        assertThat(to).as(mark).isGreaterThan(from);
        return lines.subList(from + 1, to).stream()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static List<String> rendered(List<FcmAnswers.Row> rows) {
        return rows.stream()
                .map(row -> "| %s | %s | %s | %s | `%s` | %s |"
                        .formatted(
                                row.http(),
                                row.status(),
                                row.errorCode(),
                                row.condition().words(),
                                row.result().wireName(),
                                row.reaction()))
                .toList();
    }

    private static Set<String> keysIn(String line) {
        return Arrays.stream(line.split("`", -1))
                .filter(part -> part.matches("[a-z_]+"))
                .collect(Collectors.toSet());
    }

    @Test
    void theAnswersToASend() throws IOException {
        assertThat(table("fcm-send")).containsExactlyElementsOf(rendered(FcmAnswers.SEND));
    }

    @Test
    void theAnswersOfTheTokenEndpoint() throws IOException {
        assertThat(table("fcm-token")).containsExactlyElementsOf(rendered(FcmAnswers.TOKEN));
    }

    @Test
    void theAdaptersOwnAnswers() throws IOException {
        assertThat(table("fcm-local"))
                .containsExactlyElementsOf(Stream.of(FcmLocal.values())
                        .map(local -> "| `%s` | `%s` | %s |"
                                .formatted(local.code(), local.result().wireName(), local.meaning()))
                        .toList());
    }

    @Test
    void theKeysOfTheCallersBlock() throws IOException {
        List<String> lines = table("fcm-block");
        List<Set<String>> taken = List.of(
                FcmKeys.TOP.keySet(),
                FcmKeys.ANDROID.keySet(),
                FcmKeys.NOTIFICATION.keySet(),
                FcmKeys.LIGHT.keySet(),
                FcmKeys.APNS.keySet(),
                FcmKeys.WEBPUSH.keySet());

        assertThat(lines.stream()
                        .map(line -> keysIn(line.split("\\|", -1)[2].replaceAll("\\([^)]*\\)", "")))
                        .toList())
                .containsExactlyElementsOf(taken);
    }
}
