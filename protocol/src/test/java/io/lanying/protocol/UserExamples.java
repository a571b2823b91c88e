package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserSettings;
import io.lanying.protocol.user.UserSnapshot;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/** {@link Examples} of users, under the same rule: never changed once their golden files are there. */
final class UserExamples {

    static final UserSettings SETTINGS = new UserSettings(
            true,
            Optional.of(new QuietHours(
                    LocalTime.of(22, 0), LocalTime.of(7, 30), Optional.of("Asia/Shanghai"), QuietMode.DEFER)));

    private static final UserSettings BARE_SETTINGS = new UserSettings(
            false,
            Optional.of(new QuietHours(LocalTime.of(9, 0), LocalTime.of(17, 0), Optional.empty(), QuietMode.DROP)));

    private static final UserName NAME = new UserName(Examples.SEALED, "ZmluZ2VycHJpbnQ");

    private UserExamples() {}

    static List<Persisted> events() {
        return List.of(
                new UserEvent.UserPut(Examples.AT, Optional.of(NAME), SETTINGS, 3),
                new UserEvent.UserDeleted(Examples.AT, 4),
                new UserEvent.DeviceJoined(Examples.AT, "d1", 2),
                new UserEvent.DeviceLeft(Examples.AT, "d1"),
                new UserEvent.SettingsHandedOver(Examples.AT, 4));
    }

    static List<Persisted> bareEvents() {
        return List.of(new UserEvent.UserPut(Examples.AT, Optional.empty(), BARE_SETTINGS, 1));
    }

    static List<Persisted> snapshots() {
        return List.of(new UserSnapshot(
                9,
                Examples.AT,
                Optional.of(new UserSnapshot.Person(Optional.of(NAME), SETTINGS, Examples.AT, Examples.LATER)),
                3,
                2,
                Optional.of(Examples.AT),
                List.of(new UserSnapshot.Member("d1", 2))));
    }

    static List<Persisted> bareSnapshots() {
        return List.of(new UserSnapshot(1, Examples.AT, Optional.empty(), 0, 0, Optional.empty(), List.of()));
    }

    static List<Remoted> messages(ActorRef<UserReply> replyTo) {
        var view =
                new UserReply.UserView(Optional.of(NAME), SETTINGS, List.of("d1", "d2"), Examples.AT, Examples.LATER);
        return List.of(
                new UserCommand.Put(Optional.of(NAME), SETTINGS, replyTo),
                new UserCommand.Get(replyTo),
                new UserCommand.Delete(replyTo),
                new UserCommand.Join("d1", 2, replyTo),
                new UserCommand.Leave("d1", 2),
                new UserCommand.Wake(5),
                new UserReply.Saved(true, view),
                new UserReply.Deleted(),
                view,
                new UserReply.SettingsAre(3, SETTINGS),
                new UserReply.Refused(ErrorCode.NOT_FOUND, "no such user"));
    }
}
