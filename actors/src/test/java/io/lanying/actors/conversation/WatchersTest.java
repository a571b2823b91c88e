package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Typing;
import io.lanying.protocol.conversation.ConversationCommand.Unwatch;
import io.lanying.protocol.conversation.ConversationCommand.Watch;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.NotWatching;
import io.lanying.protocol.session.SessionMessage.Present;
import io.lanying.protocol.session.SessionMessage.Typed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that watch a conversation: what they hear of each other, and who hears nothing. */
class WatchersTest {

    private static final String ID = ConversationRig.ID.id();

    private final ConversationRig rig = new ConversationRig();
    private final TestProbe<SessionMessage> ada = rig.kit.createTestProbe(SessionMessage.class);
    private final TestProbe<SessionMessage> bob = rig.kit.createTestProbe(SessionMessage.class);

    @BeforeEach
    void start() {
        rig.group("ada", "bob", "cyd");
    }

    @AfterEach
    void stop() {
        rig.stop();
    }

    private void bothWatch() {
        rig.tell(new Watch("ada", ada.ref()));
        ada.expectMessage(present("ada"));
        rig.tell(new Watch("bob", bob.ref()));
        bob.expectMessage(present("ada", "bob"));
        ada.expectMessage(present("ada", "bob"));
    }

    private static Present present(String... userIds) {
        return new Present(ID, List.of(userIds));
    }

    @Test
    void whoWatchesHearsWhoElseDoesAndWhoTypes() {
        int events = rig.events().size();
        bothWatch();
        rig.tell(new Typing("ada", ada.ref()));
        rig.tell(new Typing("ada", ada.ref()));
        bob.expectMessage(new Typed(ID, List.of("ada")));
        rig.tell(new Unwatch(bob.ref()));
        ada.expectMessage(present("ada"));
        rig.tell(new Watch("ada", ada.ref()));
        ada.expectMessage(present("ada"));
        assertThat(rig.events()).as("nothing of it is stored").hasSize(events);
    }

    @Test
    void strangersAndWhoeverDoesNotWatchAreNeitherToldNorHeard() {
        TestProbe<SessionMessage> stranger = rig.kit.createTestProbe(SessionMessage.class);
        rig.tell(new Watch("eve", stranger.ref()));
        stranger.expectMessage(new NotWatching(ID));
        bothWatch();
        rig.tell(new Typing("eve", stranger.ref()));
        rig.tell(new Typing("cyd", stranger.ref()));
        rig.tell(new Typing("cyd", ada.ref())); // in another's name
        rig.tell(new Typing("bob", bob.ref()));
        ada.expectMessage(new Typed(ID, List.of("bob")));
        bob.expectNoMessage();
        stranger.expectNoMessage(java.time.Duration.ZERO);
    }

    @Test
    void whoIsNoMemberAnyMoreHearsNothingMore() {
        bothWatch();
        rig.ask(ConversationReply.Gone.class, to -> new RemoveMember("bob", 0, Optional.empty(), to));
        bob.expectMessage(new NotWatching(ID));
        ada.expectMessage(present("ada"));
        rig.tell(new Typing("bob", bob.ref()));
        rig.ask(ConversationReply.Gone.class, to -> new Delete(Optional.empty(), to));
        ada.expectMessage(new NotWatching(ID));
        rig.tell(new Watch("ada", ada.ref()));
        ada.expectMessage(new NotWatching(ID));
    }

    @Test
    void aSessionThatEndsWatchesNoLonger() {
        bothWatch();
        ActorRef<SessionMessage> other = rig.kit.spawn(Behaviors.<SessionMessage>ignore());
        rig.tell(new Watch("cyd", other));
        ada.expectMessage(present("ada", "bob", "cyd"));
        rig.kit.stop(other);
        ada.expectMessage(present("ada", "bob"));
    }

    @Test
    void anotherIncarnationLearnsOfThemWhenTheySaySoAgain() {
        bothWatch();
        rig.restart();
        rig.tell(new Typing("ada", ada.ref()));
        rig.tell(new Watch("bob", bob.ref()));
        bob.expectMessage(present("bob"));
        rig.tell(new Watch("ada", ada.ref()));
        ada.expectMessage(present("ada", "bob"));
    }

    @Test
    void soManyWatchAndNoMore() {
        for (int i = 0; i < ConversationLimits.MAX_WATCHERS; i++) {
            rig.tell(new Watch("cyd", rig.kit.spawn(Behaviors.<SessionMessage>ignore())));
        }
        rig.tell(new Watch("ada", ada.ref()));
        ada.expectMessage(new NotWatching(ID));
    }
}
