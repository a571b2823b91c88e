package io.lanying.load.check;

import java.util.ArrayList;
import java.util.List;

/** Collects violations; the first {@value #MAX} are kept. */
final class Violations {

    private static final int MAX = 1_000;

    private final List<Violation> found = new ArrayList<>();

    void add(Invariant invariant, String detail) {
        if (found.size() < MAX) {
            found.add(new Violation(invariant, detail));
        }
    }

    List<Violation> found() {
        return found;
    }
}
