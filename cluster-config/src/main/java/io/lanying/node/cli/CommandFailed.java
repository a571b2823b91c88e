package io.lanying.node.cli;

/** A command could not do what it says; the message is one line for the person who gave it. */
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandFailed(String line) {
        super(line);
    }

    public CommandFailed(String line, Throwable cause) {
        super(line, cause);
    }
}
