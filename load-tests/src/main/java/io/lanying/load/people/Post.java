package io.lanying.load.people;

import io.lanying.load.client.Conversations;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;

/** A message that somebody means to post, with what is known of it. Outcomes come on any thread. */
final class Post {

    private final Conversations.Draft draft;
    private final boolean patient;
    private volatile long messageSeq;
    private volatile boolean answered;
    private volatile boolean recalled;

    /** @param patient whether its sender says it again until it is answered */
    Post(Conversations.Draft draft, boolean patient) {
        this.draft = draft;
        this.patient = patient;
    }

    Conversations.Draft draft() {
        return draft;
    }

    /** Its number; 0 while it is not known to be accepted. */
    long messageSeq() {
        return messageSeq;
    }

    boolean isOwed() {
        return patient && !answered;
    }

    /** Whether somebody may still change it. */
    boolean isThere() {
        return messageSeq > 0 && !recalled;
    }

    void isRecalled() {
        recalled = true;
    }

    /** A refusal that says "again", or no answer, leaves it open. */
    void outcome(HistoryEvent outcome) {
        if (outcome instanceof TalkEvent.Posted posted) {
            messageSeq = posted.messageSeq();
            answered = true;
        } else if (outcome instanceof HistoryEvent.Refused refused
                && refused.status() != 429
                && refused.status() < 500) {
            answered = true;
        }
    }
}
