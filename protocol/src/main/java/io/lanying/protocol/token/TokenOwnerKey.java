package io.lanying.protocol.token;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of token owners; entity ids are {@code tenant:hash} of channel, environment and token fingerprint. */
public final class TokenOwnerKey {

    public static final EntityTypeKey<TokenOwnerCommand> KEY =
            EntityTypeKey.create(TokenOwnerCommand.class, "TokenOwner");

    private TokenOwnerKey() {}
}
