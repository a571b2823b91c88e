package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/** A user and the role it gets. */
public record NewMember(String userId, MemberRole role) implements Persisted, Remoted {}
