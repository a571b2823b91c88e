package io.lanying.http.session;

import akka.Done;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Boxes that hold their content in clear; a box of the text {@code broken} does not open. */
final class FakeSealing implements Sealing {

    final Set<String> erased = ConcurrentHashMap.newKeySet();
    /** Look-ups that the test answers; used once. */
    final Map<String, CompletableFuture<Optional<Sealer>>> slow = new ConcurrentHashMap<>();

    /** Sealers that the test hands out; each used once. */
    final Queue<CompletableFuture<Sealer>> slowSealers = new ConcurrentLinkedQueue<>();

    @Override
    public CompletionStage<Sealer> sealer(String tenant, String subject) {
        var slowSealer = slowSealers.poll();
        if (slowSealer != null) {
            return slowSealer;
        }
        return CompletableFuture.completedStage(new ClearSealer(subject));
    }

    @Override
    public CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        if (subject.equals("user:bug")) {
            throw new IllegalStateException("planted");
        }
        CompletableFuture<Optional<Sealer>> pending = slow.remove(subject);
        if (pending != null) {
            return pending;
        }
        boolean exists = tenant.equals(SocketRig.TENANT) && !erased.contains(subject);
        return CompletableFuture.completedStage(exists ? Optional.of(new ClearSealer(subject)) : Optional.empty());
    }

    @Override
    public CompletionStage<Done> erase(String tenant, String subject) {
        erased.add(subject);
        return CompletableFuture.completedStage(Done.getInstance());
    }

    record ClearSealer(String subject) implements Sealer {

        @Override
        public Sealed seal(String item, String field, byte[] clear) {
            return new Sealed(subject, clear);
        }

        @Override
        public byte[] open(String item, String field, Sealed sealed) {
            boolean known = field.equals("body") || (field.equals("content") && item.startsWith("origin"));
            if (!known || new String(sealed.box(), StandardCharsets.UTF_8).equals("broken")) {
                throw new IllegalArgumentException("not sealed for this");
            }
            return sealed.box();
        }

        @Override
        public String fingerprint(byte[] content) {
            return "";
        }
    }
}
