package io.lanying.http.auth;

/** Knows the operator's key, by its hash. */
@FunctionalInterface
public interface OperatorKey {

    /** Whether this is the operator's key. Takes the same time whatever is presented; thread-safe; never blocks. */
    boolean matches(String presented);
}
