package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks tenants. A failed stage means unknown: repeat with the same ids. */
@FunctionalInterface
public interface TenantEntities {

    CompletionStage<TenantReply> ask(EntityId tenant, Function<ActorRef<TenantReply>, TenantCommand> command);
}
