package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelCredentials;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a tenant's stored credential to an adapter that runs with it. Thread-safe. */
public final class CredentialOpener {

    /** The field under which a credential is sealed, with {@code channel/environment} as item. */
    private static final String FIELD = "credential";

    private static final Logger LOG = LoggerFactory.getLogger(CredentialOpener.class);

    private final Map<String, VendorAdapterFactory> factories;
    private final Sealing sealing;
    private final Executor work;

    /**
     * Opens with these vendors' factories.
     *
     * @param work where credentials are parsed and clients built, which may take a while
     */
    public CredentialOpener(List<VendorAdapterFactory> factories, Sealing sealing, Executor work) {
        this.factories = factories.stream()
                .collect(Collectors.toUnmodifiableMap(VendorAdapterFactory::channel, Function.identity()));
        this.sealing = sealing;
        this.work = work;
    }

    /** The vendor's factory, if it has this environment. */
    public Optional<VendorAdapterFactory> factory(ChannelId channel) {
        return Optional.ofNullable(factories.get(channel.channel()))
                .filter(factory -> factory.environments().contains(channel.environment()));
    }

    /** What a channel is to run with now, if that is another credential than the version already known. */
    CompletionStage<Resolution> resolve(
            ChannelCredentials credentials, String tenant, ChannelId channel, Optional<Long> known) {
        return CompletableFuture.completedStage(channel)
                .thenCompose(asked -> credentials.current(tenant, asked))
                .thenCompose(current -> {
                    if (current.isEmpty()) {
                        return CompletableFuture.completedStage(new Resolution.Absent());
                    }
                    long version = current.get().version();
                    return known.equals(Optional.of(version))
                            ? CompletableFuture.completedStage(new Resolution.Unchanged())
                            : open(tenant, current.get()).thenApply(adapter -> resolution(version, adapter));
                });
    }

    /** An adapter with this credential; empty if it cannot be used. A failed stage means: keys unavailable. */
    public CompletionStage<Optional<VendorAdapter>> open(String tenant, ChannelCredential credential) {
        return sealing.existing(tenant, credential.secret().subject())
                .thenApplyAsync(sealer -> sealer.flatMap(key -> open(tenant, credential, key)), work);
    }

    private Optional<VendorAdapter> open(String tenant, ChannelCredential credential, Sealer sealer) {
        ChannelId channel = credential.channel();
        try {
            byte[] clear = sealer.open(channel.toString(), FIELD, credential.secret());
            return factory(channel)
                    .filter(factory ->
                            factory.check(channel.environment(), clear).isGood())
                    .map(factory -> factory.open(channel.environment(), clear));
        } catch (IllegalArgumentException e) {
            // Not the message: it may quote the credential.
            LOG.warn("credential {} of {} of tenant {} cannot be opened", credential.version(), channel, tenant);
            return Optional.empty();
        }
    }

    private static Resolution resolution(long version, Optional<VendorAdapter> adapter) {
        return adapter.<Resolution>map(open -> new Resolution.Ready(version, open))
                .orElseGet(() -> new Resolution.Unusable(version));
    }
}
