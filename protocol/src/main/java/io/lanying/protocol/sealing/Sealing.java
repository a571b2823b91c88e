package io.lanying.protocol.sealing;

import akka.Done;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The port to the subjects' keys. Already complete when the key is cached; a failed stage means the key store is
 * unavailable (503, repeat).
 */
public interface Sealing {

    /** The subject's sealer; its key is made and stored first if there is none. */
    CompletionStage<Sealer> sealer(String tenant, String subject);

    /** The subject's sealer if its key exists: empty once the subject was erased. */
    CompletionStage<Optional<Sealer>> existing(String tenant, String subject);

    /**
     * Deletes the subject's key: what was sealed with it can never be opened again, here at once, on other nodes when their
     * copy expires. Harmless to repeat. A later {@link #sealer} makes another key.
     */
    CompletionStage<Done> erase(String tenant, String subject);
}
