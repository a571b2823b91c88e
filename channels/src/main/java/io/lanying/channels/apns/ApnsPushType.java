package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.PushType;
import java.util.Arrays;
import java.util.Optional;

/**
 * What kind of push it is: Apple asks for the matching topic, and lets VoIP pushes be larger
 * (developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns).
 *
 * <p>{@code mdm} is left out: its payload is no notification, and its topic no app's.
 */
enum ApnsPushType {
    ALERT(PushType.ALERT, "", ApnsPushType.USUAL_BYTES),
    BACKGROUND(PushType.BACKGROUND, "", ApnsPushType.USUAL_BYTES),
    VOIP(PushType.VOIP, ".voip", ApnsPushType.VOIP_BYTES),
    COMPLICATION(PushType.COMPLICATION, ".complication", ApnsPushType.USUAL_BYTES),
    FILE_PROVIDER(PushType.FILEPROVIDER, ".pushkit.fileprovider", ApnsPushType.USUAL_BYTES),
    LOCATION(PushType.LOCATION, ".location-query", ApnsPushType.USUAL_BYTES),
    LIVE_ACTIVITY(PushType.LIVE_ACTIVITY, ".push-type.liveactivity", ApnsPushType.USUAL_BYTES),
    PUSH_TO_TALK(PushType.PUSH_TO_TALK, ".voip-ptt", ApnsPushType.USUAL_BYTES);

    private static final int USUAL_BYTES = 4096;
    private static final int VOIP_BYTES = 5120;

    private final PushType pushy;
    private final String topicSuffix;
    private final int maxBytes;

    ApnsPushType(PushType pushy, String topicSuffix, int maxBytes) {
        this.pushy = pushy;
        this.topicSuffix = topicSuffix;
        this.maxBytes = maxBytes;
    }

    PushType pushy() {
        return pushy;
    }

    /** The largest payload Apple takes. */
    int maxBytes() {
        return maxBytes;
    }

    /** The topic for this kind of push; a token registered with the whole topic keeps it. */
    String topic(String topic) {
        return topic.endsWith(topicSuffix) ? topic : topic + topicSuffix;
    }

    /** By the value of {@code apns-push-type}. */
    static Optional<ApnsPushType> of(String wireName) {
        return Arrays.stream(values())
                .filter(value -> value.pushy.getHeaderValue().equals(wireName))
                .findFirst();
    }
}
