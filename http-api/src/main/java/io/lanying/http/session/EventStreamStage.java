package io.lanying.http.session;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.lanying.http.auth.DevicePrincipal;

/** One stream of server-sent events as a single stream stage: see {@link EventStreamLogic}. */
final class EventStreamStage extends GraphStage<SourceShape<ByteString>> {

    private final Outlet<ByteString> out = Outlet.create("events.out");
    private final SourceShape<ByteString> shape = SourceShape.of(out);
    private final SocketNode node;
    private final DevicePrincipal principal;
    private final SocketEvent.Listens listens;

    EventStreamStage(SocketNode node, DevicePrincipal principal, SocketEvent.Listens listens) {
        this.node = node;
        this.principal = principal;
        this.listens = listens;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new EventStreamLogic(shape, node, principal, listens);
    }
}
