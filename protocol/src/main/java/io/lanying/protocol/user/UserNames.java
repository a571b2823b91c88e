package io.lanying.protocol.user;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What people are called, for those who show it. Thread-safe. */
@FunctionalInterface
public interface UserNames {

    /** Empty if the person has no name, or nobody says so in time: never a failed stage, for a name is not worth waiting for. */
    CompletionStage<Optional<UserName>> nameOf(String tenant, String userId);
}
