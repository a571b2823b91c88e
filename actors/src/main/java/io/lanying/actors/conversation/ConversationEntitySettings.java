package io.lanying.actors.conversation;

import com.typesafe.config.Config;
import io.lanying.protocol.conversation.ConversationLimits;
import java.time.Duration;

/** {@code push.conversation}; the keys are described in {@code reference.conf}. */
record ConversationEntitySettings(
        int maxRemembered,
        int maxChanged,
        Duration askTimeout,
        Duration toldLater,
        Duration retryMin,
        Duration retryMax,
        Duration giveUpAfter,
        Duration lookAgain,
        Duration reminderTimeout,
        Duration passivateAfter,
        Duration receiptPause,
        Duration receiptPauseDirect,
        int receiptMaxMembers) {

    ConversationEntitySettings {
        if (maxRemembered < 1 || maxChanged < 1) {
            throw new IllegalArgumentException("push.conversation.max-remembered and max-changed must be at least 1");
        }
        if (retryMin.isZero() || retryMin.isNegative() || retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException("push.conversation.retry-min must be above 0 and at most retry-max");
        }
        if (lookAgain.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("push.conversation.look-again must be at least 1s");
        }
        if (receiptPause.isZero()
                || receiptPause.isNegative()
                || receiptPauseDirect.isZero()
                || receiptPauseDirect.isNegative()) {
            throw new IllegalArgumentException(
                    "push.conversation.receipt-pause and receipt-pause-direct must be above 0");
        }
        if (receiptMaxMembers < 0 || receiptMaxMembers > ConversationLimits.MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    "push.conversation.receipt-max-members must be 0 to " + ConversationLimits.MAX_MEMBERS);
        }
    }

    static ConversationEntitySettings from(Config root) {
        Config config = root.getConfig("push.conversation");
        return new ConversationEntitySettings(
                config.getInt("max-remembered"),
                config.getInt("max-changed"),
                config.getDuration("ask-timeout"),
                config.getDuration("told-later"),
                config.getDuration("retry-min"),
                config.getDuration("retry-max"),
                config.getDuration("give-up-after"),
                config.getDuration("look-again"),
                config.getDuration("reminder-timeout"),
                config.getDuration("passivate-after"),
                config.getDuration("receipt-pause"),
                config.getDuration("receipt-pause-direct"),
                config.getInt("receipt-max-members"));
    }
}
