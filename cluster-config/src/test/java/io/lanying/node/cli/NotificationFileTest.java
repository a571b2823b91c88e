package io.lanying.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.node.cli.NotificationFile.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotificationFileTest {

    private static final String HELLO = "{\"audience\":{\"devices\":[\"phone\"]},\"message\":{\"title\":\"Hello\"}}";

    @TempDir
    Path directory;

    @Test
    void theSameFileHasTheSameKeysWhereverItIs() throws IOException {
        List<Line> here = read("a.ndjson", HELLO, "", HELLO);
        Files.createDirectories(directory.resolve("moved"));
        List<Line> there = read("moved/a.ndjson", HELLO, "", HELLO);

        assertThat(here).isEqualTo(there);
        assertThat(here).extracting(Line::number).containsExactly(1, 3);
        assertThat(here.get(0).key()).isNotEqualTo(here.get(1).key());
        assertThat(here.get(0).key()).matches("[A-Za-z0-9._~-]{1,64}");
    }

    @Test
    void anEditedLineIsAnotherNotification() throws IOException {
        String before = read("a.ndjson", HELLO).get(0).key();
        String after = read("a.ndjson", HELLO.replace("Hello", "Bye")).get(0).key();

        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void aKeyOfItsOwnIsUsedAndNotSent() throws IOException {
        Line line = read("a.ndjson", HELLO.replaceFirst("\\{", "{\"idempotencyKey\":\"mine\","))
                .get(0);

        assertThat(line.key()).isEqualTo("mine");
        assertThat(line.notification().has("idempotencyKey")).isFalse();
        assertThat(line.lane()).isEqualTo("phone");
    }

    @Test
    void whatIsNoNotificationIsNamedByItsLine() {
        assertThatThrownBy(() -> read("a.ndjson", HELLO, "{oops")).hasMessageContaining("line 2 is not JSON");
        assertThatThrownBy(() -> read("a.ndjson", "[1]")).hasMessageContaining("line 1 is not a JSON object");
        assertThatThrownBy(() -> read("a.ndjson", "")).hasMessageContaining("no notification");
        assertThatThrownBy(() -> NotificationFile.read(directory.resolve("none")))
                .hasMessageContaining("cannot read");
    }

    private List<Line> read(String name, String... lines) throws IOException {
        return NotificationFile.read(Files.writeString(directory.resolve(name), String.join("\n", lines)));
    }
}
