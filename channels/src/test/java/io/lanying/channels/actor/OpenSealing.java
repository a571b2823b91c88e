package io.lanying.channels.actor;

import akka.Done;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A sealing that hides nothing but opens only what was sealed as this field of this item. */
public final class OpenSealing implements Sealing {

    public final Set<String> erased = ConcurrentHashMap.newKeySet();
    public final AtomicInteger failed = new AtomicInteger();
    public volatile boolean unavailable;

    public static Sealed seal(String subject, String item, String field, byte[] clear) {
        byte[] prefix = prefix(item, field);
        byte[] box = Arrays.copyOf(prefix, prefix.length + clear.length);
        System.arraycopy(clear, 0, box, prefix.length, clear.length);
        return new Sealed(subject, box);
    }

    private static byte[] prefix(String item, String field) {
        return (item + "\0" + field + "\0").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<Sealer> sealer(String tenant, String subject) {
        return CompletableFuture.completedStage(new Open(subject));
    }

    @Override
    public CompletionStage<Done> erase(String tenant, String subject) {
        throw new UnsupportedOperationException("no channel erases");
    }

    @Override
    public CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        if (unavailable) {
            failed.incrementAndGet();
            return CompletableFuture.failedStage(new IllegalStateException("no key store"));
        }
        return CompletableFuture.completedStage(
                erased.contains(subject) ? Optional.empty() : Optional.of(new Open(subject)));
    }

    private record Open(String subject) implements Sealer {

        @Override
        public Sealed seal(String item, String field, byte[] clear) {
            return OpenSealing.seal(subject, item, field, clear);
        }

        @Override
        public byte[] open(String item, String field, Sealed sealed) {
            byte[] prefix = prefix(item, field);
            if (!Arrays.equals(prefix, Arrays.copyOf(sealed.box(), prefix.length))) {
                throw new IllegalArgumentException("another item or field");
            }
            return Arrays.copyOfRange(sealed.box(), prefix.length, sealed.box().length);
        }

        @Override
        public String fingerprint(byte[] content) {
            return "f" + Arrays.hashCode(content);
        }
    }
}
