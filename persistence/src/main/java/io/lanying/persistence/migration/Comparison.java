package io.lanying.persistence.migration;

import io.lanying.persistence.migration.JournalMigration.Content;
import io.lanying.persistence.migration.JournalMigration.Result;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What was found of some entities: sums, and the first of those that differ. The order in which they are added does not matter. */
record Comparison(long entities, long events, long snapshots, BigInteger checksums, List<String> differences) {

    static final Comparison NONE = new Comparison(0, 0, 0, BigInteger.ZERO, List.of());

    private static final int MAX_TOLD = 20;
    private static final int SHA_256_DIGITS = 64;

    Comparison {
        differences = List.copyOf(differences);
    }

    /** One entity on both sides. */
    static Comparison of(String id, Content source, Content target) {
        return new Comparison(
                1,
                source.events().count(),
                source.snapshots().count(),
                checksum(id, source),
                source.equals(target) ? List.of() : List.of(difference(id, source, target)));
    }

    Comparison plus(Comparison more) {
        return new Comparison(
                entities + more.entities,
                events + more.events,
                snapshots + more.snapshots,
                checksums.xor(more.checksums),
                Stream.concat(differences.stream(), more.differences.stream())
                        .limit(MAX_TOLD)
                        .toList());
    }

    Result result() {
        String hex = checksums.toString(16);
        return new Result(entities, events, snapshots, "0".repeat(SHA_256_DIGITS - hex.length()) + hex, differences);
    }

    private static BigInteger checksum(String id, Content content) {
        String text =
                id + " " + content.events().sha256() + " " + content.snapshots().sha256();
        return new BigInteger(1, Checksum.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String difference(String id, Content source, Content target) {
        if (!source.events().equals(target.events())) {
            return id + ": " + text(source.events(), "events") + " in the journal, " + text(target.events(), "events")
                    + " in its target";
        }
        return id + ": " + text(source.snapshots(), "snapshots") + " in the journal, "
                + text(target.snapshots(), "snapshots") + " in its target";
    }

    private static String text(Checksum.Summary summary, String what) {
        return summary.count() + " " + what + " to " + summary.last() + " ("
                + summary.sha256().substring(0, 8) + ")";
    }
}
