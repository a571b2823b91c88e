package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationReply;
import java.util.List;

/** What a state decided about a command: the events to journal, all or none, and the answer once they are there. */
record Decision(List<ConversationEvent> events, ConversationReply reply) {

    Decision {
        events = List.copyOf(events);
    }

    static Decision answer(ConversationReply reply) {
        return new Decision(List.of(), reply);
    }

    static Decision refuse(ErrorCode code, String detail) {
        return answer(new ConversationReply.Refused(code, detail));
    }

    /** What is answered to a mere look: nothing happens. */
    Decision asChecked() {
        return events.isEmpty() ? this : answer(new ConversationReply.Acceptable());
    }

    static Decision notFound() {
        return refuse(ErrorCode.NOT_FOUND, "no such conversation");
    }
}
