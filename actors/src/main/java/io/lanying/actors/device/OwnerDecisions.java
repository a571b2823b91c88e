package io.lanying.actors.device;

import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceReply.OtherOwner;
import io.lanying.protocol.device.DeviceReply.SettingsTaken;
import io.lanying.protocol.device.DeviceSnapshot.OwnerSettings;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a device decides about news of those who own it and its tokens. Pure. */
record OwnerDecisions(DeviceDecisions device) {

    /** The events of the owner's settings; none if they are known already, or newer ones are, or the owner is another. */
    List<DeviceEvent> settings(String userId, long version, UserSettings settings) {
        var known = device.state().registration().filter(owned -> isOf(userId, owned));
        long before = known.flatMap(Registration::ownerSettings)
                .map(OwnerSettings::version)
                .orElse(0L);
        return known.isPresent() && version > before
                ? device.afterAck(
                        List.of(new UserSettingsApplied(device.state().timeOf(device.now()), version, settings)))
                : List.of();
    }

    Decision apply(ApplyUserSettings command) {
        if (device.state()
                .registration()
                .filter(known -> isOf(command.userId(), known))
                .isEmpty()) {
            return Decision.answer(new OtherOwner());
        }
        var events = new ArrayList<>(settings(command.userId(), command.version(), command.settings()));
        command.erasedAt().ifPresent(erasedAt -> events.addAll(tokensErased(erasedAt)));
        return new Decision(events, new SettingsTaken(command.version()));
    }

    private static boolean isOf(String userId, Registration registration) {
        return registration.userId().equals(Optional.of(userId));
    }

    /** Tokens that were sealed with a key that is gone: registered again, they are new ones. */
    private List<DeviceEvent> tokensErased(Instant erasedAt) {
        return device.state().registration().stream()
                .flatMap(known -> known.profile().tokens().stream())
                .filter(token -> !token.since().isAfter(erasedAt))
                .map(token -> unbound(token, "erased"))
                .toList();
    }

    private DeviceEvent unbound(VendorToken token, String reason) {
        return new TokenUnbound(
                device.state().timeOf(device.now()), token.channelId(), token.topic(), token.fingerprint(), reason);
    }

    /** The events of tokens that other devices have claimed. */
    List<DeviceEvent> tokensLost(List<VendorToken> lost) {
        var present = device.state().registration().stream()
                .flatMap(known -> known.profile().tokens().stream())
                .toList();
        return device.afterAck(lost.stream()
                .filter(present::contains)
                .map(token -> unbound(token, "claimed"))
                .toList());
    }

    /** The events of another device's claim; none if the token was registered here again since. */
    List<DeviceEvent> tokenLost(TokenLost lost) {
        return tokensLost(device.state().registration().stream()
                .flatMap(known -> known.profile().tokens().stream())
                .filter(token -> token.fingerprint().equals(lost.token())
                        && token.channelId().equals(lost.channel())
                        && !token.since().isAfter(lost.since()))
                .toList());
    }
}
