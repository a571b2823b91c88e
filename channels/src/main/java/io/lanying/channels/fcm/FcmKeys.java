package io.lanying.channels.fcm;

import static io.lanying.channels.fcm.FcmBlock.count;
import static io.lanying.channels.fcm.FcmBlock.flag;
import static io.lanying.channels.fcm.FcmBlock.millis;
import static io.lanying.channels.fcm.FcmBlock.millisList;
import static io.lanying.channels.fcm.FcmBlock.object;
import static io.lanying.channels.fcm.FcmBlock.oneOf;
import static io.lanying.channels.fcm.FcmBlock.text;
import static io.lanying.channels.fcm.FcmBlock.textMap;
import static io.lanying.channels.fcm.FcmBlock.texts;
import static io.lanying.channels.fcm.FcmBlock.tree;
import static java.util.Map.entry;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.LightSettings;
import io.lanying.channels.fcm.FcmBlock.BlockKey;
import java.util.Map;

/**
 * The keys taken from the caller's {@code fcm} block, named as in FCM HTTP v1; {@code docs/channels.md} lists the same. Not
 * taken, because they would replace what every message must carry: the target, {@code validate_only}, the texts and
 * {@code data} of the message and of its parts ({@code android.data}, {@code webpush.data}).
 */
final class FcmKeys {

    static final Map<String, BlockKey<LightSettings.Builder>> LIGHT = Map.of(
            "color", color(),
            "light_on_duration", millis(LightSettings.Builder::setLightOnDurationInMillis),
            "light_off_duration", millis(LightSettings.Builder::setLightOffDurationInMillis));

    static final Map<String, BlockKey<AndroidNotification.Builder>> NOTIFICATION = Map.ofEntries(
            entry("icon", text(AndroidNotification.Builder::setIcon)),
            entry("color", text(AndroidNotification.Builder::setColor)),
            entry("sound", text(AndroidNotification.Builder::setSound)),
            entry("tag", text(AndroidNotification.Builder::setTag)),
            entry("click_action", text(AndroidNotification.Builder::setClickAction)),
            entry("body_loc_key", text(AndroidNotification.Builder::setBodyLocalizationKey)),
            entry("body_loc_args", texts(AndroidNotification.Builder::addAllBodyLocalizationArgs)),
            entry("title_loc_key", text(AndroidNotification.Builder::setTitleLocalizationKey)),
            entry("title_loc_args", texts(AndroidNotification.Builder::addAllTitleLocalizationArgs)),
            entry("channel_id", text(AndroidNotification.Builder::setChannelId)),
            entry("image", text(AndroidNotification.Builder::setImage)),
            entry("ticker", text(AndroidNotification.Builder::setTicker)),
            entry("sticky", flag(AndroidNotification.Builder::setSticky)),
            entry("local_only", flag(AndroidNotification.Builder::setLocalOnly)),
            entry(
                    "notification_priority",
                    oneOf(AndroidNotification.Priority.class, "PRIORITY_", AndroidNotification.Builder::setPriority)),
            entry("vibrate_timings", millisList(AndroidNotification.Builder::setVibrateTimingsInMillis)),
            entry("default_vibrate_timings", flag(AndroidNotification.Builder::setDefaultVibrateTimings)),
            entry("default_sound", flag(AndroidNotification.Builder::setDefaultSound)),
            entry("light_settings", light()),
            entry("default_light_settings", flag(AndroidNotification.Builder::setDefaultLightSettings)),
            entry(
                    "visibility",
                    oneOf(AndroidNotification.Visibility.class, "", AndroidNotification.Builder::setVisibility)),
            entry("notification_count", count(AndroidNotification.Builder::setNotificationCount)),
            entry("proxy", oneOf(AndroidNotification.Proxy.class, "", AndroidNotification.Builder::setProxy)));

    static final Map<String, BlockKey<FcmDraft>> ANDROID = Map.ofEntries(
            entry("collapse_key", text((draft, key) -> draft.android.setCollapseKey(key))),
            entry(
                    "priority",
                    oneOf(AndroidConfig.Priority.class, "", (draft, priority) -> draft.android.setPriority(priority))),
            entry("ttl", millis((draft, ttl) -> draft.android.setTtl(Math.min(ttl, draft.ttlMillis)))),
            entry("restricted_package_name", text((draft, name) -> draft.android.setRestrictedPackageName(name))),
            entry("direct_boot_ok", flag((draft, ok) -> draft.android.setDirectBootOk(ok))),
            entry("bandwidth_constrained_ok", flag((draft, ok) -> draft.android.setBandwidthConstrainedOk(ok))),
            entry("restricted_satellite_ok", flag((draft, ok) -> draft.android.setRestrictedSatelliteOk(ok))),
            entry("notification", object(FcmDraft::shownNotification, NOTIFICATION)),
            entry("fcm_options", object(draft -> draft, Map.of("analytics_label", text(FcmDraft::androidLabel)))));

    static final Map<String, BlockKey<FcmDraft>> APNS = Map.of(
            "headers", textMap((draft, headers) -> draft.apnsHeaders.putAll(headers)),
            "payload", tree(FcmDraft::payload),
            "live_activity_token", text((draft, token) -> draft.apns().setLiveActivityToken(token)),
            "fcm_options",
                    object(
                            draft -> draft,
                            Map.of(
                                    "analytics_label",
                                            text((FcmDraft draft, String label) ->
                                                    draft.apnsOptions().setAnalyticsLabel(label)),
                                    "image",
                                            text((FcmDraft draft, String image) ->
                                                    draft.apnsOptions().setImage(image)))));

    static final Map<String, BlockKey<FcmDraft>> WEBPUSH = Map.of(
            "headers", textMap((draft, headers) -> draft.webpushHeaders.putAll(headers)),
            "notification", tree(FcmDraft::webNotification),
            "fcm_options", object(draft -> draft, Map.of("link", text(FcmDraft::webLink))));

    static final Map<String, BlockKey<FcmDraft>> TOP = Map.of(
            "android", object(draft -> draft, ANDROID),
            "apns", object(draft -> draft, APNS),
            "webpush", object(draft -> draft, WEBPUSH),
            "fcm_options", object(draft -> draft, Map.of("analytics_label", text(FcmDraft::label))));

    private FcmKeys() {}

    private static BlockKey<AndroidNotification.Builder> light() {
        return (builder, value, block, pointer) -> {
            LightSettings.Builder light = LightSettings.builder();
            block.read(value, pointer, LIGHT, light);
            if (block.problem().isEmpty()) {
                builder.setLightSettings(light.build());
            }
            return true;
        };
    }

    /** The v1 form is an object of fractions; the common spelling {@code #rrggbb} is what the client takes. */
    private static BlockKey<LightSettings.Builder> color() {
        return text(LightSettings.Builder::setColorFromString);
    }
}
