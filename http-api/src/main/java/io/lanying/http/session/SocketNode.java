package io.lanying.http.session;

import akka.actor.typed.ActorRef;

/** What all sockets of a node share. */
record SocketNode(
        SocketSettings settings,
        SocketMetrics metrics,
        TenantSockets tenants,
        Reconnects reconnects,
        ActorRef<Sockets.Command> sockets) {}
