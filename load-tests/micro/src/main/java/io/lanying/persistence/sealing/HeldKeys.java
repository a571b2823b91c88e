package io.lanying.persistence.sealing;

import akka.Done;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Subjects' real keys without a database: all are at hand, as those are on a node that uses them. Thread-safe. */
public final class HeldKeys implements Sealing {

    private final MasterKey master = MasterKey.of(Base64.getEncoder().encodeToString(new byte[32]));
    private final Map<String, Sealer> held = new ConcurrentHashMap<>();

    /** The subject's sealer; its key is made if there is none. */
    public Sealer held(String tenant, String subject) {
        return held.computeIfAbsent(tenant + "/" + subject, name -> SubjectKeyset.make(master, tenant, subject)
                .sealer(master, tenant, subject));
    }

    @Override
    public CompletionStage<Sealer> sealer(String tenant, String subject) {
        return CompletableFuture.completedStage(held(tenant, subject));
    }

    @Override
    public CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        return CompletableFuture.completedStage(Optional.ofNullable(held.get(tenant + "/" + subject)));
    }

    @Override
    public CompletionStage<Done> erase(String tenant, String subject) {
        held.remove(tenant + "/" + subject);
        return CompletableFuture.completedStage(Done.done());
    }
}
