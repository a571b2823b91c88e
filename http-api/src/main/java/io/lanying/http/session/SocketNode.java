package io.lanying.http.session;

import akka.actor.typed.ActorRef;

/** What all sockets of a node share. */
record SocketNode(
        SocketSettings settings, SocketMetrics metrics, Reconnects reconnects, ActorRef<Sockets.Command> sockets) {}
