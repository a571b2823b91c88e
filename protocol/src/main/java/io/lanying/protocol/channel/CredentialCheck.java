package io.lanying.protocol.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The port by which a credential is checked before it is stored, and tried on request. */
public interface CredentialCheck {

    /**
     * Checks all that can be known without the vendor: shape, key type, dates. Quick, no network.
     *
     * @param credential the credential's JSON object
     */
    Verdict check(ChannelId channel, byte[] credential);

    /** Asks the vendor whether it takes the credential, without a message to anybody, where the vendor has a way. */
    CompletionStage<Verdict> tryOut(String tenant, ChannelCredential credential);

    /**
     * What was found.
     *
     * @param problems empty if it may be used
     * @param summary what may be shown of it: key id, team, project; no secret
     */
    record Verdict(List<Problem> problems, String summary, Optional<Instant> expiresAt) {

        public Verdict {
            problems = List.copyOf(problems);
        }

        /** Whether it may be used. */
        public boolean isGood() {
            return problems.isEmpty();
        }
    }

    /**
     * One thing that is wrong.
     *
     * @param pointer the JSON pointer of the field, empty for the whole
     * @param detail says what is expected; never holds any part of a secret
     */
    record Problem(String pointer, String code, String detail) {}
}
