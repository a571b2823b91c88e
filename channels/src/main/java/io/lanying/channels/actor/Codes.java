package io.lanying.channels.actor;

/** Our own words in outcomes, beside the vendors'. They are shown to people and never change. */
final class Codes {

    /** NO_CHANNEL: no adapter for this channel and environment. */
    static final String UNKNOWN_CHANNEL = "unknownChannel";
    /** NO_CHANNEL: the tenant has no credential for it, or it was taken away. */
    static final String NO_CREDENTIAL = "noCredential";
    /** NO_CHANNEL: the stored credential cannot be opened or is not good. */
    static final String CREDENTIAL_UNUSABLE = "credentialUnusable";
    /** BUSY: it cannot be found out at present whether there is a credential. */
    static final String CREDENTIALS_UNAVAILABLE = "credentialsUnavailable";
    /** BUSY: the channel or the node holds as many requests as it may. */
    static final String FULL = "queueFull";
    /** BUSY: the node runs as many channels as it may. */
    static final String TOO_MANY_CHANNELS = "tooManyChannels";
    /** BUSY, or UNKNOWN for what was under way: the channel's actor failed and starts again. */
    static final String RESTARTING = "channelRestarting";
    /** REFUSED: the subject whose key would open it was erased. */
    static final String ERASED = "erased";
    /** REFUSED: the key does not open it, or what comes out is not what it should be. */
    static final String UNREADABLE = "unreadable";
    /** EXPIRED. */
    static final String EXPIRED = "expired";
    /** CANCELLED. */
    static final String CANCELLED = "cancelled";
    /** REFUSED with QUOTA_DAY: the day's allowance is used up. */
    static final String QUOTA_DAY = "quotaDay";
    /** NO_CHANNEL, with {@link #PARKED}: too many tokens looked invalid. */
    static final String MASS_INVALID = "massInvalid";
    /** The code of an attempt, for UNKNOWN: the adapter did not answer within the channel's own deadline. */
    static final String DEADLINE = "attemptDeadline";
    /** The code of an attempt, for UNKNOWN: the adapter threw or its stage failed, against its promise. */
    static final String ADAPTER_FAILED = "adapterFailed";
    /** What an adapter's probe says whose vendor has no way to ask. */
    static final String NO_WAY = "noWay";

    private static final String PARKED = "parked:";
    private static final int MAX_LENGTH = 64;

    private Codes() {}

    /** NO_CHANNEL: the channel is parked, because of this. */
    static String parked(String code) {
        String full = PARKED + code;
        return full.length() <= MAX_LENGTH ? full : full.substring(0, MAX_LENGTH);
    }

    /** A vendor's word, fit for a line of a log. */
    static String printable(String code) {
        return code.replaceAll("[^A-Za-z0-9_.:-]", "_");
    }
}
