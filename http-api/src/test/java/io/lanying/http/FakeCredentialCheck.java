package io.lanying.http;

import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds every credential good that does not say {@code "bad":true}, and fails where one {@code breaks}. */
public final class FakeCredentialCheck implements CredentialCheck {

    public volatile Optional<Instant> expiresAt = Optional.empty();
    public volatile List<Problem> whenTried = List.of();
    public volatile boolean vendorDown;
    public volatile Optional<String> checkedOn = Optional.empty();

    @Override
    public Verdict check(ChannelId channel, byte[] credential) {
        checkedOn = Optional.of(Thread.currentThread().getName());
        boolean bad = new String(credential, StandardCharsets.UTF_8).contains("\"bad\":true");
        if (new String(credential, StandardCharsets.UTF_8).contains("\"breaks\":true")) {
            throw new IllegalArgumentException(new String(credential, StandardCharsets.UTF_8));
        }
        return new Verdict(
                bad ? List.of(new Problem("/bad", "unsupported", "must not be bad")) : List.of(),
                "key of " + channel,
                expiresAt);
    }

    @Override
    public CompletionStage<Verdict> tryOut(String tenant, ChannelCredential credential) {
        return vendorDown
                ? CompletableFuture.failedFuture(new IllegalStateException("vendor down"))
                : CompletableFuture.completedFuture(new Verdict(whenTried, credential.summary(), Optional.empty()));
    }
}
