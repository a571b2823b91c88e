package io.lanying.actors.user;

import io.lanying.protocol.device.DeviceReply;
import org.jspecify.annotations.Nullable;

/** What a device made of what it was told. */
enum Told {
    TAKEN,
    LATER,
    OTHER_OWNER,
    UNKNOWN;

    /** @param reply none if there was none in time */
    static Told by(@Nullable DeviceReply reply) {
        if (reply instanceof DeviceReply.SettingsTaken || reply instanceof DeviceReply.NewsTaken) {
            return TAKEN;
        }
        if (reply instanceof DeviceReply.NewsLater) {
            return LATER;
        }
        return reply instanceof DeviceReply.OtherOwner ? OTHER_OWNER : UNKNOWN;
    }
}
