package io.lanying.node;

/** The node cannot start, for a reason its operator can mend: the message is one line that says what and how. */
public final class StartRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartRefused(String line) {
        super(line);
    }

    public StartRefused(String line, Throwable cause) {
        super(line, cause);
    }
}
