package io.lanying.persistence;

/**
 * The node must not start like this. The message is one line for the operator: what is wrong and what to set; it holds no
 * secret. Repeating without a change does not help, unless the message says that the database cannot be reached.
 */
public final class StartRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        super(message);
    }

    public StartRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
