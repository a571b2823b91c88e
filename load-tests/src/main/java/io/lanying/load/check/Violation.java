package io.lanying.load.check;

/** One broken promise. */
public record Violation(Invariant invariant, String detail) {

    @Override
    public String toString() {
        return invariant + ": " + detail;
    }
}
