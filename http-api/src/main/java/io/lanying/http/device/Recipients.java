package io.lanying.http.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lanying.http.entity.Admission;
import io.lanying.http.error.Unavailable;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.sealing.Subject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Under whose key something for a device is sealed: a guess, remembered for at most {@code maxDevices} devices and looked
 * up in the registry otherwise. The device itself knows and says so when the guess is wrong. Thread-safe.
 *
 * <p>A deleted device has a guess too: it alone knows whether a command repeats one that it answered before its deletion.
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

    /** The subject to try first; empty if there never was such a device. */
    public CompletionStage<Optional<String>> subject(EntityId device) {
        String known = subjects.getIfPresent(device);
        if (known != null) {
            return CompletableFuture.completedFuture(Optional.of(known));
        }
        return row(device).thenApply(row -> row.map(found -> guess(device, found)));
    }

    /** Whether the device is registered now: what is remembered does not count, another node may have deleted it. */
    public CompletionStage<Boolean> isRegistered(EntityId device) {
        return row(device).thenApply(row -> row.isPresent() && !row.get().deleted());
    }

    private CompletionStage<Optional<DeviceRow>> row(EntityId device) {
        return Unavailable.when(
                "the registry cannot be read",
                () -> admission.admit(() -> registry.device(device.tenant(), device.id())));
    }

    private String guess(EntityId device, DeviceRow row) {
        // A deleted device's row does not say whose it was. Nothing new is kept for it, so any subject does until the
        // device
        // names the one of the first command; the tenant's has a key already, which would be made for any other.
        return row.deleted() ? Subject.TENANT : learn(device, Subject.ofRecipient(device.id(), row.userId()));
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
