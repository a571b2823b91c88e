package io.lanying.http.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lanying.http.entity.Admission;
import io.lanying.http.error.Unavailable;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.sealing.Subject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Under whose key something for a device is sealed: a guess, remembered for at most {@code maxDevices} devices and looked
 * up in the registry otherwise. The device itself knows and says so when the guess is wrong. Thread-safe.
 */
public final class Recipients {

    private final RegistryQueries registry;
    private final Admission admission;
    private final Cache<EntityId, String> subjects;

    public Recipients(RegistryQueries registry, Admission admission, int maxDevices) {
        this.registry = registry;
        this.admission = admission;
        this.subjects = Caffeine.newBuilder()
                .maximumSize(maxDevices)
                .executor(Runnable::run)
                .build();
    }

    /** The subject; empty if there is no such device. */
    public CompletionStage<Optional<String>> subject(EntityId device) {
        String known = subjects.getIfPresent(device);
        if (known != null) {
            return CompletableFuture.completedFuture(Optional.of(known));
        }
        return Unavailable.when(
                        "the registry cannot be read",
                        () -> admission.admit(() -> registry.device(device.tenant(), device.id())))
                .thenApply(row -> row.map(found -> learn(device, Subject.ofRecipient(device.id(), found.userId()))));
    }

    /** Remembers what the device or its registration said. */
    public String learn(EntityId device, String subject) {
        subjects.put(device, subject);
        return subject;
    }

    /** The device is gone. */
    public void forget(EntityId device) {
        subjects.invalidate(device);
    }
}
