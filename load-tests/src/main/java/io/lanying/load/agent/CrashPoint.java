package io.lanying.load.agent;

import java.util.Locale;

/**
 * Where the server can be killed. Each names a method of the real server, with or without its being ours: the shipped code
 * knows nothing of this. A method that is renamed is noticed, since a run whose point is never hit fails.
 */
public enum CrashPoint {
    /** The journal plug-in is about to take events of one entity. */
    BEFORE_PERSIST("akka.persistence.jdbc.journal.JdbcAsyncWriteJournal", "asyncWriteMessages", Moment.ENTRY),
    /** An event is committed, its entity does not know yet. */
    AFTER_PERSIST("akka.persistence.JournalProtocol$WriteMessageSuccess", "<init>", Moment.EXIT),
    /** A push is committed and may have been handed out, its sender does not know yet. */
    BEFORE_REPLY("io.lanying.actors.device.DeviceEntity", "onAccepted", Moment.EXIT),
    /** Items are about to be handed to the session. */
    BEFORE_HANDOUT("io.lanying.actors.device.HandOut", "flush", Moment.ENTRY_WITH_ITEMS),
    /** Items were handed to the session, which may or may not have written them. */
    AFTER_HANDOUT("io.lanying.actors.device.HandOut", "flush", Moment.EXIT_WITH_ITEMS);

    /** When a call counts as a hit. */
    enum Moment {
        ENTRY,
        EXIT,
        /** On entry, if the first argument is a collection with something in it. */
        ENTRY_WITH_ITEMS,
        /** On exit, if the first argument had something in it on entry. */
        EXIT_WITH_ITEMS
    }

    private final String className;
    private final String methodName;
    private final Moment moment;

    CrashPoint(String className, String methodName, Moment moment) {
        this.className = className;
        this.methodName = methodName;
        this.moment = moment;
    }

    String className() {
        return className;
    }

    String methodName() {
        return methodName;
    }

    Moment moment() {
        return moment;
    }

    /** The name in commands and results, such as {@code before-persist}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The point with this {@link #text}. */
    public static CrashPoint of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
