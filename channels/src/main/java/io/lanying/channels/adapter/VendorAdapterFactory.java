package io.lanying.channels.adapter;

import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.util.Set;

/** Makes adapters of one vendor. Thread-safe. */
public interface VendorAdapterFactory {

    /** The channel's name in addresses and tokens, such as {@code apns}. */
    String channel();

    /** The environments it has, such as {@code production} and {@code sandbox}. */
    Set<String> environments();

    /** Checks a credential without any network: shape, key type, dates. */
    Verdict check(String environment, byte[] credential);

    /**
     * Opens a client with a credential that {@link #check} found good; connections are made when needed.
     *
     * @throws IllegalArgumentException if the credential is not good
     */
    VendorAdapter open(String environment, byte[] credential);
}
