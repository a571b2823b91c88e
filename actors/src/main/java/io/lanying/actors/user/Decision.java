package io.lanying.actors.user;

import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserReply;
import java.util.List;

/** What a state decided about a command: the events to journal, all or none, and the answer once they are there. */
record Decision(List<UserEvent> events, UserReply reply) {

    Decision {
        events = List.copyOf(events);
    }

    static Decision answer(UserReply reply) {
        return new Decision(List.of(), reply);
    }
}
