package io.lanying.http.session;

import akka.http.impl.engine.ws.FrameEvent;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.wire.FrameCodec;

/** One socket as a single stream stage: see {@link SocketLogic}. */
final class SocketStage extends GraphStage<FlowShape<FrameEvent, FrameEvent>> {

    private final Inlet<FrameEvent> in = Inlet.create("socket.in");
    private final Outlet<FrameEvent> out = Outlet.create("socket.out");
    private final FlowShape<FrameEvent, FrameEvent> shape = FlowShape.of(in, out);
    private final SocketNode node;
    private final DevicePrincipal principal;
    private final FrameCodec codec;

    SocketStage(SocketNode node, DevicePrincipal principal, FrameCodec codec) {
        this.node = node;
        this.principal = principal;
        this.codec = codec;
    }

    @Override
    public FlowShape<FrameEvent, FrameEvent> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new SocketLogic(shape, node, principal, codec);
    }
}
