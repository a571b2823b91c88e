package io.lanying.persistence.journal;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.japi.Util;
import akka.persistence.jdbc.journal.dao.JournalTables.JournalAkkaSerializationRow;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Set$;
import scala.jdk.javaapi.FutureConverters;

/** A batch in the journal's table is what was given, whichever statement wrote it. */
@ForEachStore
class EventInsertTest extends StoreTest {

    private static final String ROWS = "SELECT \"persistence_id\", \"sequence_number\", \"deleted\", \"writer\","
            + " \"write_timestamp\", \"adapter_manifest\", \"event_ser_id\", \"event_ser_manifest\", \"event_payload\""
            + " FROM \"event_journal\" ORDER BY \"ordering\"";

    @BeforeEach
    void begin() {
        node.execute("DELETE FROM \"event_journal\"");
    }

    @Test
    void awkwardTextsAndBytesComeBackInTheirOrder() throws SQLException {
        var rows = new ArrayList<JournalAkkaSerializationRow>();
        for (String text : List.of(
                "plain",
                "\"quoted\"",
                "it's",
                "back\\slash",
                "{a,b}",
                "NULL",
                "蓝莺",
                " spaces ",
                "tab\tline\n",
                "%s $1 ?")) {
            long next = rows.size() + 1; // the plug-in sorts by number
            rows.add(row("Z" + text, next, text, everyByte()));
            rows.add(row("A" + text, next + 1, text, new byte[0]));
            rows.add(row("Z" + text, next + 2, text, new byte[] {0}));
        }
        write(rows);
        assertThat(journaled())
                .isEqualTo(rows.stream().map(EventInsertTest::told).toList());
    }

    @Test
    void moreThanAStatementHasRoomForParameters() throws SQLException {
        var rows = Stream.iterate(1L, number -> number + 1)
                .limit(5_000)
                .map(number -> row("Device|t:d" + number % 7, number, "m", new byte[] {1, 2, 3}))
                .toList();
        write(rows);
        assertThat(journaled())
                .isEqualTo(rows.stream().map(EventInsertTest::told).toList());
    }

    @Test
    void whatIsNotPlainIsWrittenByThePlugIn() {
        var plain = row("Device|t:d", 1, "m", new byte[] {1});
        write(List.of(plain, withMetadata(row("Device|t:d", 2, "m", new byte[] {2}))));
        assertThat(node.number("SELECT count(*) FROM \"event_journal\" WHERE \"meta_ser_id\" = 7"))
                .isEqualTo(1);
        assertThat(node.number("SELECT count(*) FROM \"event_journal\"")).isEqualTo(2);
    }

    private static JournalAkkaSerializationRow withMetadata(JournalAkkaSerializationRow row) {
        return new JournalAkkaSerializationRow(
                row.ordering(),
                row.deleted(),
                row.persistenceId(),
                row.sequenceNumber(),
                row.writer(),
                row.writeTimestamp(),
                row.adapterManifest(),
                row.eventPayload(),
                row.eventSerId(),
                row.eventSerManifest(),
                Option.apply(new byte[] {9}),
                Option.<Object>apply(7),
                Option.apply("meta"));
    }

    private void write(List<JournalAkkaSerializationRow> rows) {
        await(FutureConverters.asJava(Daos.journal(node)
                .writeJournalRows(Util.immutableSeq(rows.stream()
                        .map(row -> Tuple2.apply(row, Set$.MODULE$.<String>empty()))
                        .toList()))));
    }

    private static JournalAkkaSerializationRow row(String id, long number, String text, byte[] payload) {
        return new JournalAkkaSerializationRow(
                Long.MIN_VALUE,
                false,
                id,
                number,
                "writer " + text,
                1_700_000_000_000L + number % 1_000,
                text,
                payload,
                17,
                "manifest " + text,
                Option.empty(),
                Option.empty(),
                Option.empty());
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String told(JournalAkkaSerializationRow row) {
        return Stream.of(
                        row.persistenceId(),
                        row.sequenceNumber(),
                        row.deleted(),
                        row.writer(),
                        row.writeTimestamp(),
                        row.adapterManifest(),
                        row.eventSerId(),
                        row.eventSerManifest(),
                        Arrays.toString(row.eventPayload()))
                .map(Object::toString)
                .collect(Collectors.joining("|"));
    }

    private List<String> journaled() throws SQLException {
        var found = new ArrayList<String>();
        try (var connection = node.persistence.pool().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(ROWS)) {
            while (rows.next()) {
                var columns = new ArrayList<String>();
                for (int column = 1; column <= 8; column++) {
                    columns.add(column == 3 ? Boolean.toString(rows.getBoolean(column)) : rows.getString(column));
                }
                columns.add(Arrays.toString(rows.getBytes(9)));
                found.add(String.join("|", columns));
            }
        }
        return found;
    }
}
