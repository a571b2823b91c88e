package io.lanying.channels;

import io.lanying.channels.actor.CredentialOpener;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.channel.ResultClass;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Checks credentials with the vendors' factories, and tries them with an adapter that is closed again. */
final class FactoryCredentialCheck implements CredentialCheck {

    private static final long PROBE_SECONDS = 30;

    private final CredentialOpener opener;

    FactoryCredentialCheck(CredentialOpener opener) {
        this.opener = opener;
    }

    @Override
    public Verdict check(ChannelId channel, byte[] credential) {
        return opener.factory(channel)
                .map(factory -> factory.check(channel.environment(), credential))
                .orElseGet(() -> bad("unknownChannel", "there is no such channel and environment"));
    }

    @Override
    public CompletionStage<Verdict> tryOut(String tenant, ChannelCredential credential) {
        if (opener.factory(credential.channel()).isEmpty()) {
            return CompletableFuture.completedStage(bad("unknownChannel", "there is no such channel and environment"));
        }
        return opener.open(tenant, credential).thenCompose(adapter -> adapter.map(open -> probe(open, credential))
                .orElseGet(() -> CompletableFuture.completedStage(
                        bad("credentialUnusable", "the stored credential cannot be opened or is not valid"))));
    }

    private static CompletionStage<Verdict> probe(VendorAdapter adapter, ChannelCredential credential) {
        return CompletableFuture.completedStage(adapter)
                .thenCompose(VendorAdapter::probe)
                .toCompletableFuture()
                .orTimeout(PROBE_SECONDS, TimeUnit.SECONDS)
                .thenApply(answer -> verdict(answer, credential))
                .whenComplete((verdict, failure) -> adapter.close());
    }

    private static Verdict verdict(VendorAnswer answer, ChannelCredential credential) {
        boolean cannotTell =
                answer.result() == ResultClass.UNKNOWN_OUTCOME && answer.code().equals("noWay");
        if (answer.result() == ResultClass.ACCEPTED || cannotTell) {
            return new Verdict(List.of(), credential.summary(), credential.expiresAt());
        }
        String detail =
                switch (answer.result()) {
                    case AUTH_CONFIG, AUTH_EXPIRED -> "the vendor does not take it: " + answer.code();
                    case THROTTLED_APP, QUOTA_DAY -> "the vendor throttles this app: " + answer.code();
                    case RETRY, UNKNOWN_OUTCOME -> "the vendor cannot be reached or gave no answer: " + answer.code();
                    default -> "the vendor answered: " + answer.code();
                };
        return bad(answer.result().wireName(), detail);
    }

    private static Verdict bad(String code, String detail) {
        return new Verdict(List.of(new Problem("", code, detail)), "", Optional.empty());
    }
}
