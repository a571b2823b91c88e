package io.lanying.load.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a history shows.
 *
 * @param commands how many different commands, and messages, were sent
 * @param delivered how many items were seen, repeats included
 */
public record Verdict(List<Violation> violations, long commands, long delivered, long vendorRepeats) {

    public Verdict {
        violations = List.copyOf(violations);
    }

    public boolean holds() {
        return violations.isEmpty();
    }

    /** The invariants that are broken. */
    public Set<Invariant> broken() {
        return violations.stream()
                .map(Violation::invariant)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Invariant.class)));
    }

    /** The first few violations, for people. */
    public String summary() {
        String head = violations.size() + " violations in " + commands + " commands, " + delivered + " items, "
                + vendorRepeats + " repeated by vendors";
        return violations.stream()
                .limit(20)
                .map(Violation::toString)
                .collect(Collectors.joining("\n  ", head + "\n  ", ""));
    }
}
