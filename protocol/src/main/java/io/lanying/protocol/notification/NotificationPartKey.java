package io.lanying.protocol.notification;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of notifications' companions; see {@link NotificationParts} for their ids. */
public final class NotificationPartKey {

    public static final EntityTypeKey<NotificationPartCommand> KEY =
            EntityTypeKey.create(NotificationPartCommand.class, "NotificationPart");

    private NotificationPartKey() {}
}
