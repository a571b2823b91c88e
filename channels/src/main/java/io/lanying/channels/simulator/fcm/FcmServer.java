package io.lanying.channels.simulator.fcm;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The HTTP under the simulator: loopback only, two threads, bodies and connections bounded, hanging costs no thread. */
// What is written to a connection that has gone needs no answer; reading from it ends in exceptionCaught.
@SuppressWarnings("FutureReturnValueIgnored")
final class FcmServer {

    private static final int THREADS = 2;
    private static final int MAX_CONNECTIONS = 4096;
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    private final Handling handling;
    private final EventLoopGroup loops =
            new NioEventLoopGroup(THREADS, new DefaultThreadFactory("fcm-simulator", true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;
    private final int port;

    /** Decides what happens to a request; called on the server's threads, must not block. */
    interface Handling {
        FcmReaction handle(FullHttpRequest request, String body);
    }

    FcmServer(int port, Handling handling) {
        this.handling = handling;
        this.listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connection())
                .bind("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
        this.port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    int port() {
        return port;
    }

    int connections() {
        return connections.size();
    }

    void close() {
        listening.close().syncUninterruptibly();
        connections.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Connection extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            if (connections.size() >= MAX_CONNECTIONS) {
                channel.close();
                return;
            }
            connections.add(channel);
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                    .addLast(new Requests());
        }
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean keepsAlive = HttpUtil.isKeepAlive(request);
            FcmReaction reaction = handling.handle(request, request.content().toString(StandardCharsets.UTF_8));
            if (reaction.delay().isZero()) {
                answer(context, reaction, keepsAlive);
            } else {
                context.executor()
                        .schedule(
                                () -> answer(context, reaction, keepsAlive),
                                reaction.delay().toMillis(),
                                TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The other side went away, or sent what is no HTTP.
            context.close();
        }

        private void answer(ChannelHandlerContext context, FcmReaction reaction, boolean keepsAlive) {
            switch (reaction.ending()) {
                case HANGING -> {}
                case DROPPED -> context.close();
                case CUT_OFF -> {
                    FullHttpResponse response =
                            response(reaction, reaction.body().length() / 2);
                    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
                }
                case WHOLE -> {
                    FullHttpResponse response =
                            response(reaction, reaction.body().length());
                    HttpUtil.setKeepAlive(response, keepsAlive);
                    var written = context.writeAndFlush(response);
                    if (!keepsAlive) {
                        written.addListener(ChannelFutureListener.CLOSE);
                    }
                }
            }
        }

        private FullHttpResponse response(FcmReaction reaction, int chars) {
            ByteBuf body = Unpooled.copiedBuffer(reaction.body().substring(0, chars), StandardCharsets.UTF_8);
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reaction.status()), body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=UTF-8")
                    .set(HttpHeaderNames.CONTENT_LENGTH, reaction.body().getBytes(StandardCharsets.UTF_8).length);
            reaction.headers().forEach((name, value) -> response.headers().set(name, value));
            return response;
        }
    }
}
