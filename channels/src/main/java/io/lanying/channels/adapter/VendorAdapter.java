package io.lanying.channels.adapter;

import java.util.concurrent.CompletionStage;

/**
 * One vendor's client, connected with one credential. Thread-safe.
 *
 * <p>An adapter makes one attempt for each call and maps what comes back; it never repeats by itself (except where a vendor's
 * library cannot be kept from it), never queues without bound and never waits longer than its own deadline. Pace, retries and
 * circuit breaking are its caller's.
 */
public interface VendorAdapter {

    /**
     * Sends once. The stage never fails: what goes wrong is an answer, {@code RETRY} if the request had certainly not left,
     * {@code UNKNOWN_OUTCOME} if it may have.
     */
    CompletionStage<VendorAnswer> send(VendorMessage message);

    /**
     * Asks the vendor whether it takes the credential, without a message to anybody; {@code ACCEPTED} if it does. Adapters
     * whose vendor has no such way answer {@code UNKNOWN_OUTCOME} with code {@code noWay}.
     */
    CompletionStage<VendorAnswer> probe();

    /** Lets go of connections and threads after what is in flight has ended or run into its deadline. */
    CompletionStage<Void> close();
}
