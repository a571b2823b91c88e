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
    AFTER_HANDOUT("io.lanying.actors.device.HandOut", "flush", Moment.EXIT_WITH_ITEMS),
    /** An offer to a vendor is committed, the vendor's channel has not heard of it. */
    BEFORE_VENDOR("io.lanying.actors.device.Fallback", "send", Moment.ENTRY),
    /** The vendor has answered, the answer is not journaled. */
    BEFORE_ANSWER("io.lanying.actors.device.DeviceEntity", "onVendorEnded", Moment.ENTRY),
    /** The vendor's answer is committed, the device does not know yet. */
    AFTER_ANSWER("akka.persistence.JournalProtocol$WriteMessageSuccess", "<init>", "VendorAnswered"),
    /** A page of an audience is committed, and so many of its devices have answered. */
    DURING_PAGE("io.lanying.actors.notification.PageWork", "answered", Moment.ENTRY),
    /** All devices of a page have answered, that it was sent is not journaled. */
    BEFORE_PAGE_SENT("io.lanying.actors.notification.NotificationDecisions", "sent", Moment.EXIT),
    /** That a page was sent is committed, the notification does not know yet. */
    AFTER_PAGE_SENT("akka.persistence.JournalProtocol$WriteMessageSuccess", "<init>", "PageSent");

    /** When a call counts as a hit. */
    enum Moment {
        ENTRY,
        EXIT,
        /** On entry, if the first argument is a collection with something in it. */
        ENTRY_WITH_ITEMS,
        /** On exit, if the first argument had something in it on entry. */
        EXIT_WITH_ITEMS,
        /** On exit, if the first argument is what the journal keeps of an event of the point's type. */
        EXIT_WITH_EVENT
    }

    private final String className;
    private final String methodName;
    private final Moment moment;
    private final String event;

    CrashPoint(String className, String methodName, Moment moment) {
        this(className, methodName, moment, "");
    }

    CrashPoint(String className, String methodName, String event) {
        this(className, methodName, Moment.EXIT_WITH_EVENT, event);
    }

    CrashPoint(String className, String methodName, Moment moment, String event) {
        this.className = className;
        this.methodName = methodName;
        this.moment = moment;
        this.event = event;
    }

    /** Whether a run needs push vendors and audiences to come here. */
    public boolean needsVendors() {
        return compareTo(BEFORE_VENDOR) >= 0;
    }

    /** The latest hit that a run may die at: such that every run comes to it soon. */
    public int latestHit() {
        return this == BEFORE_PAGE_SENT || this == AFTER_PAGE_SENT ? 15 : 80;
    }

    String event() {
        return event;
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
