package io.lanying.channels.fcm;

import com.typesafe.config.Config;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.channels.fcm.FcmServiceAccount.Reading;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Opens FCM with a Google service account. The credential is {@code {"serviceAccount":{…the file…}}}; only the type
 * {@code service_account} is taken, and no address that stands in the file is ever used. Thread-safe.
 */
public final class FcmAdapterFactory implements VendorAdapterFactory {

    private final FcmSettings settings;
    private final Clock clock;

    /**
     * @param pushChannelsFcm the settings under {@code push.channels.fcm}
     * @throws IllegalArgumentException if they contradict each other
     */
    public FcmAdapterFactory(Config pushChannelsFcm, Clock clock) {
        this.settings = FcmSettings.from(pushChannelsFcm);
        this.clock = clock;
    }

    @Override
    public String channel() {
        return "fcm";
    }

    @Override
    public Set<String> environments() {
        return Set.of(ChannelId.PRODUCTION);
    }

    @Override
    public Verdict check(String environment, byte[] credential) {
        Reading reading = FcmServiceAccount.read(credential);
        return new Verdict(
                reading.problems(),
                reading.account().map(FcmServiceAccount::summary).orElse(""),
                Optional.empty());
    }

    @Override
    public VendorAdapter open(String environment, byte[] credential) {
        Reading reading = FcmServiceAccount.read(credential);
        return new FcmAdapter(
                reading.account().orElseThrow(() -> new IllegalArgumentException("not a good credential for FCM")),
                settings,
                clock);
    }
}
