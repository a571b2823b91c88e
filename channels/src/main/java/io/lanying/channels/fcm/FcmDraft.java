package io.lanying.channels.fcm;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidFcmOptions;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.ApnsFcmOptions;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.FcmOptions;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.WebpushConfig;
import com.google.firebase.messaging.WebpushFcmOptions;
import com.google.firebase.messaging.WebpushNotification;
import java.util.LinkedHashMap;
import java.util.Map;

/** The Firebase client's builders for one message, open until both we and the caller's block have written into them. */
final class FcmDraft {

    final Message.Builder message = Message.builder();
    final AndroidConfig.Builder android = AndroidConfig.builder();
    final AndroidNotification.Builder notification = AndroidNotification.builder();
    final Map<String, Object> aps = new LinkedHashMap<>();
    final Map<String, String> apnsHeaders = new LinkedHashMap<>();
    final Map<String, String> webpushHeaders = new LinkedHashMap<>();
    private final ApnsConfig.Builder apns = ApnsConfig.builder();
    private final WebpushConfig.Builder webpush = WebpushConfig.builder();
    private final ApnsFcmOptions.Builder apnsOptions = ApnsFcmOptions.builder();

    /** The item's time to live: what the caller writes may only be shorter. */
    final long ttlMillis;

    private boolean isNotification;

    FcmDraft(long ttlMillis) {
        this.ttlMillis = ttlMillis;
    }

    /** Says that there is something to show. Without it the app gets a data message. */
    FcmDraft shown() {
        isNotification = true;
        return this;
    }

    AndroidNotification.Builder shownNotification() {
        shown();
        return notification;
    }

    ApnsConfig.Builder apns() {
        return apns;
    }

    ApnsFcmOptions.Builder apnsOptions() {
        return apnsOptions;
    }

    void androidLabel(String label) {
        android.setFcmOptions(AndroidFcmOptions.withAnalyticsLabel(label));
    }

    void label(String label) {
        message.setFcmOptions(FcmOptions.withAnalyticsLabel(label));
    }

    void payload(Map<String, Object> payload) {
        Map<String, Object> custom = new LinkedHashMap<>(payload);
        Object given = custom.remove("aps");
        if (given instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> aps.put(String.valueOf(name), value));
        } else if (given != null) {
            throw new IllegalArgumentException("aps must be an object");
        }
        apns.putAllCustomData(custom);
    }

    void webNotification(Map<String, Object> fields) {
        webpush.setNotification(
                WebpushNotification.builder().putAllCustomData(fields).build());
    }

    void webLink(String link) {
        if (!link.startsWith("https://")) {
            throw new IllegalArgumentException("FCM takes https links only");
        }
        webpush.setFcmOptions(WebpushFcmOptions.withLink(link));
    }

    /**
     * Closes the builders.
     *
     * @throws IllegalArgumentException if the client's own checks find something
     */
    Message build() {
        if (isNotification) {
            android.setNotification(notification.build());
        }
        apns.putAllHeaders(apnsHeaders)
                .setAps(Aps.builder().putAllCustomData(aps).build())
                .setFcmOptions(apnsOptions.build());
        webpush.putAllHeaders(webpushHeaders);
        return message.setAndroidConfig(android.build())
                .setApnsConfig(apns.build())
                .setWebpushConfig(webpush.build())
                .build();
    }
}
