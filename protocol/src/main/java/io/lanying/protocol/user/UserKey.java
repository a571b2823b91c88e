package io.lanying.protocol.user;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of users; entity ids are {@code tenant:userId}. */
public final class UserKey {

    public static final EntityTypeKey<UserCommand> KEY = EntityTypeKey.create(UserCommand.class, "User");

    private UserKey() {}
}
