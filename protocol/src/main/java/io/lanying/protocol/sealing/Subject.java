package io.lanying.protocol.sealing;

import java.util.Optional;

/** Names of subjects: whose personal data something is, and so whose key seals it. */
public final class Subject {

    /** Data of the tenant itself: credentials, signing keys, broadcasts. */
    public static final String TENANT = "tenant";

    private Subject() {}

    /** The recipient behind a device: its user, or the device alone while nobody is bound to it. */
    public static String ofRecipient(String deviceId, Optional<String> userId) {
        return userId.map(Subject::ofUser).orElse("device:" + deviceId);
    }

    /** A person. */
    public static String ofUser(String userId) {
        return "user:" + userId;
    }
}
