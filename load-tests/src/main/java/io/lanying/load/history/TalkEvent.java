package io.lanying.load.history;

import java.util.List;

/**
 * What people did and saw in conversations. Outcomes carry the number of the attempt; those that are not here are
 * {@link HistoryEvent.Refused} and {@link HistoryEvent.Unknown}.
 */
public sealed interface TalkEvent extends HistoryEvent {

    /** A conversation is there, with these members; nothing is posted before. */
    record Begun(String tenant, String conversation, List<String> members) implements TalkEvent {

        public Begun {
            members = List.copyOf(members);
        }
    }

    /**
     * A message is about to be posted.
     *
     * @param sender in whose name
     * @param key the sender's own id for it: attempts with the same are one message
     * @param content in the shape of {@link Content#said}
     */
    record PostInvoked(long op, String tenant, String conversation, String sender, String key, String content)
            implements TalkEvent {}

    /**
     * It is accepted.
     *
     * @param asNew whether the answer called it new; a socket's reply does not say
     */
    record Posted(long op, String messageId, long messageSeq, boolean asNew) implements TalkEvent {}

    /** A message is about to get another content. */
    record EditInvoked(long op, String tenant, String conversation, long messageSeq, String content)
            implements TalkEvent {}

    /** A message is about to be taken back. */
    record RecallInvoked(long op, String tenant, String conversation, long messageSeq) implements TalkEvent {}

    /** A user is about to join, or to leave. */
    record MemberInvoked(long op, String tenant, String conversation, String user, boolean joins)
            implements TalkEvent {}

    /** An edit, a recall, a joining or a leaving was carried out. */
    record Done(long op) implements TalkEvent {}

    /**
     * A device was told something of a conversation; comes after the {@link HistoryEvent.Item} that it was.
     *
     * @param kind {@code message}, {@code edit} or {@code recall}
     * @param sender and {@code content}: empty for a recall
     */
    record Said(
            Target at,
            int epoch,
            long itemSeq,
            String kind,
            String conversation,
            long messageSeq,
            String messageId,
            String sender,
            String content)
            implements TalkEvent {}

    /**
     * A device was told how far its person's messages have come; comes after the {@link HistoryEvent.Item} that it was.
     *
     * @param messageSeq the person's newest message
     * @param deliveredSeq up to which message all others have what was written
     * @param members how many others the newest is for
     */
    record Receipt(
            Target at,
            int epoch,
            long itemSeq,
            String conversation,
            long messageSeq,
            long deliveredSeq,
            long readSeq,
            int members,
            int delivered,
            int read)
            implements TalkEvent {}

    /**
     * A request that shows a message reached a vendor; see {@link HistoryEvent.VendorAsked}.
     *
     * @param text what a person would see of it
     */
    record Buzzed(
            String token,
            String conversation,
            String messageId,
            String vendorId,
            String text,
            HistoryEvent.Shown shown,
            long atMillis)
            implements TalkEvent {

        /** Whether a person may have seen it. */
        public boolean mayBeSeen() {
            return shown != HistoryEvent.Shown.REFUSED;
        }
    }

    /**
     * A message as the conversation's history has it after the run.
     *
     * @param content empty if it is recalled
     */
    record MessageRead(
            String tenant,
            String conversation,
            long messageSeq,
            String messageId,
            String sender,
            String content,
            int version,
            boolean recalled)
            implements TalkEvent {}
}
