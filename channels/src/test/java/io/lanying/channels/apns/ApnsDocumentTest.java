package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/channels.md says of Apple is what the code does, both ways. */
class ApnsDocumentTest {

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "channels.md"));
    }

    /** The lines of a table between two marks of the document, without its head. */
    private static List<String> table(String mark) throws IOException {
        List<String> lines = lines();
        int from = lines.indexOf("<!-- " + mark + " -->");
        int to = lines.indexOf("<!-- end of " + mark + " -->");
        assertThat(from).as(mark).isNotNegative();
        assertThat(to).as(mark).isGreaterThan(from + 2);
        return lines.subList(from + 1, to).stream().skip(2).toList();
    }

    private static Stream<String> names(String text) {
        return NAME.matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    @Test
    void applesAnswers() throws IOException {
        assertThat(table("apns-answers"))
                .containsExactlyElementsOf(ApnsAnswers.ROWS.stream()
                        .map(row -> "| %d | `%s` | `%s` | %s |"
                                .formatted(
                                        row.status(), row.reason(), row.result().wireName(), row.reaction()))
                        .toList());
    }

    @Test
    void theAdaptersOwnAnswers() throws IOException {
        assertThat(table("apns-local"))
                .containsExactlyElementsOf(Stream.of(ApnsLocal.values())
                        .map(local -> "| `%s` | `%s` | %s |"
                                .formatted(local.code(), local.result().wireName(), local.meaning()))
                        .toList());
    }

    @Test
    void everyClassHasItsReaction() throws IOException {
        assertThat(table("classes").stream().map(line -> line.split("\\|", -1)[1].strip()))
                .containsExactlyElementsOf(Arrays.stream(ResultClass.values())
                        .map(result -> "`" + result.wireName() + "`")
                        .toList());
    }

    @Test
    void theFieldsOfTheCallersBlock() throws IOException {
        List<String> table = table("apns-block");

        Set<String> fields =
                table.stream().flatMap(line -> names(line.split("\\|", -1)[1])).collect(Collectors.toSet());
        Set<String> types = names(table.get(0).split("\\|", -1)[2]).collect(Collectors.toSet());

        assertThat(fields).isEqualTo(ApnsBlock.FIELDS);
        assertThat(types)
                .isEqualTo(Arrays.stream(ApnsPushType.values())
                        .map(type -> type.pushy().getHeaderValue())
                        .collect(Collectors.toSet()));
    }

    @Test
    void theNamesThatDataCannotTake() throws IOException {
        String data = lines().stream()
                .filter(line -> line.startsWith("| `data` | top-level keys"))
                .findFirst()
                .orElseThrow();
        String taken = data.substring(data.indexOf("the names"));

        assertThat(names(taken).collect(Collectors.toSet())).isEqualTo(ApnsPayload.RESERVED);
    }
}
