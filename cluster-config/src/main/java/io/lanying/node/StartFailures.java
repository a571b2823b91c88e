package io.lanying.node;

import java.net.BindException;
import java.util.concurrent.TimeoutException;

/** Turns what a failed start threw into one line for the operator. */
final class StartFailures {

    private StartFailures() {}

    static StartRefused explain(NodeSettings settings, Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof StartRefused refused) {
                return refused;
            }
            if (at instanceof io.lanying.persistence.StartRefused) {
                return new StartRefused(oneLine(at), failure);
            }
            if (at instanceof BindException) {
                return new StartRefused("a port was taken while the node started: " + oneLine(at), failure);
            }
            if (at instanceof TimeoutException) {
                return new StartRefused(
                        "the node did not come up within "
                                + settings.startTimeout().toSeconds() + " s"
                                + (settings.isAlone() ? "" : ": " + settings.nobodyLetItIn()),
                        failure);
            }
        }
        return new StartRefused("the node did not start: " + oneLine(root(failure)), failure);
    }

    private static Throwable root(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse(failure.getClass().getSimpleName());
    }
}
