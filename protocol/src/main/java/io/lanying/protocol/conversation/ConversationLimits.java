package io.lanying.protocol.conversation;

import java.time.Duration;

/** What bounds a conversation, for whoever talks to one. Beyond a limit a command is refused, and nothing is changed. */
public final class ConversationLimits {

    /** Members of a group. */
    public static final int MAX_MEMBERS = 10_000;

    /** Members named in one command. */
    public static final int MAX_MEMBERS_AT_ONCE = 1_000;

    /** A message's content, in clear, as the journal holds it. */
    public static final int MAX_CONTENT_BYTES = 16 * 1024;

    /** Users a message mentions. */
    public static final int MAX_MENTIONS = 100;

    /** Messages of one answer. */
    public static final int MAX_MESSAGES = 200;

    /** Contents of one answer; one message always fits. */
    public static final int MAX_ANSWER_BYTES = 128 * 1024;

    /** Users of whose positions a node tells in one command. */
    public static final int MAX_REPORTS = 1_000;

    /** Edits of one message. */
    public static final int MAX_EDITS = 20;

    /** Sessions that watch it at the same time. */
    public static final int MAX_WATCHERS = 100;

    /** Users kept out at the same time. */
    public static final int MAX_BANS = 1_000;

    /** The longest ban. */
    public static final long MAX_BAN_SECONDS = 10L * 365 * 86_400;

    /** How long a sender's message id is honoured (api.md §2). */
    public static final Duration REMEMBERED_FOR = Duration.ofDays(7);

    private ConversationLimits() {}
}
