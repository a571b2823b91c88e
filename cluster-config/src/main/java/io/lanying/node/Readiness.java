package io.lanying.node;

import io.lanying.persistence.Persistence;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Whether this node serves and its journal can be written; the management endpoint asks before wiring has ended. */
final class Readiness implements Supplier<CompletionStage<Boolean>> {

    private volatile Optional<Persistence> serving = Optional.empty();

    /** The public port is open from here on. */
    void serving(Persistence persistence) {
        serving = Optional.of(persistence);
    }

    /** The node is about to close its public port. */
    void stopping() {
        serving = Optional.empty();
    }

    @Override
    public CompletionStage<Boolean> get() {
        return serving.map(Persistence::writable).orElseGet(() -> CompletableFuture.completedStage(false));
    }
}
