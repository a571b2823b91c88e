package io.lanying.node;

import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Checks credentials as long as no channel runs with them; none can be tried. */
final class UnwiredChannels implements CredentialCheck {

    private final List<VendorAdapterFactory> vendors;

    UnwiredChannels(List<VendorAdapterFactory> vendors) {
        this.vendors = List.copyOf(vendors);
    }

    @Override
    public Verdict check(ChannelId channel, byte[] credential) {
        return vendors.stream()
                .filter(vendor -> vendor.channel().equals(channel.channel())
                        && vendor.environments().contains(channel.environment()))
                .findFirst()
                .map(vendor -> vendor.check(channel.environment(), credential))
                .orElseGet(() -> bad("unknownChannel", "there is no such channel and environment"));
    }

    @Override
    public CompletionStage<Verdict> tryOut(String tenant, ChannelCredential credential) {
        return CompletableFuture.completedStage(bad("noWay", "this node has no channels yet"));
    }

    private static Verdict bad(String code, String detail) {
        return new Verdict(List.of(new Problem("", code, detail)), "", Optional.empty());
    }
}
