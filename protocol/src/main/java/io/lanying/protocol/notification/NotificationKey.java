package io.lanying.protocol.notification;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of notifications; entity ids are {@code tenant:notificationId}, the id without {@code ~}. */
public final class NotificationKey {

    public static final EntityTypeKey<NotificationCommand> KEY =
            EntityTypeKey.create(NotificationCommand.class, "Notification");

    private NotificationKey() {}
}
