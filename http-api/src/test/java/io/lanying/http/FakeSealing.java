package io.lanying.http;

import akka.Done;
import io.lanying.http.auth.Secrets;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Sealing without secrecy: the box says what it was sealed for, so that a test can see it. */
public final class FakeSealing implements Sealing {

    public final Set<String> erased = ConcurrentHashMap.newKeySet();
    public volatile boolean down;

    @Override
    public CompletionStage<Sealer> sealer(String tenant, String subject) {
        return down
                ? CompletableFuture.failedFuture(new IllegalStateException("down"))
                : CompletableFuture.completedFuture(new FakeSealer(tenant, subject));
    }

    @Override
    public CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        return sealer(tenant, subject)
                .thenApply(sealer -> erased.contains(subject) ? Optional.empty() : Optional.of(sealer));
    }

    @Override
    public CompletionStage<Done> erase(String tenant, String subject) {
        return sealer(tenant, subject).thenApply(sealer -> {
            erased.add(subject);
            return Done.getInstance();
        });
    }

    private record FakeSealer(String tenant, String subject) implements Sealer {

        @Override
        public Sealed seal(String item, String field, byte[] clear) {
            return new Sealed(subject, (prefix(item, field) + latin(clear)).getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public byte[] open(String item, String field, Sealed sealed) {
            String box = latin(sealed.box());
            if (!box.startsWith(prefix(item, field))) {
                throw new IllegalArgumentException("sealed for something else");
            }
            return box.substring(prefix(item, field).length()).getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String fingerprint(byte[] content) {
            return Secrets.hash(tenant + "\0" + subject + "\0" + latin(content)).substring(0, 22);
        }

        private String prefix(String item, String field) {
            return tenant + "\0" + subject + "\0" + item + "\0" + field + "\0";
        }

        private static String latin(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
