package io.lanying.protocol.notification;

/** How far a notification is with its audience; what became of it on each device is another matter. */
public enum NotificationStatus {
    /** Nobody was asked yet. */
    SCHEDULED,
    /** Devices are being asked. */
    SENDING,
    /** Every device of the audience was asked, or its time ended first. */
    SENT,
    /** It was cancelled before anybody was asked. */
    CANCELLED,
    /** Devices are being asked to take it back. */
    RECALLING,
    /** Every device that may have had it was asked to take it back. */
    RECALLED
}
