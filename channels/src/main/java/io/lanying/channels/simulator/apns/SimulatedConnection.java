package io.lanying.channels.simulator.apns;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One connection to the simulator; used by its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written any more belongs to a client that has left
final class SimulatedConnection extends ChannelInboundHandlerAdapter {

    /** More than any payload; what is longer is counted, not kept. */
    private static final int MAX_KEPT = 64 * 1024;

    private final long number;
    private final Clock clock;
    private final ApnsScript script;
    private final ProviderTokens providerTokens;
    private final Consumer<ReceivedPush> record;
    private final Map<Http2FrameStream, Exchange> exchanges = new HashMap<>();
    private long requests;

    SimulatedConnection(
            long number, Clock clock, ApnsScript script, ProviderTokens providerTokens, Consumer<ReceivedPush> record) {
        this.number = number;
        this.clock = clock;
        this.script = script;
        this.providerTokens = providerTokens;
        this.record = record;
    }

    /** A request while it arrives. */
    private static final class Exchange {
        private final Map<String, String> headers = new HashMap<>();
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream();

        private Exchange(Http2Headers received) {
            received.forEach(header ->
                    headers.put(header.getKey().toString(), header.getValue().toString()));
        }

        private String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof Http2HeadersFrame frame) {
                exchanges.put(frame.stream(), new Exchange(frame.headers()));
                endIf(context, frame.isEndStream(), frame.stream());
            } else if (message instanceof Http2DataFrame frame) {
                onData(context, frame);
            } else if (message instanceof Http2ResetFrame frame) {
                exchanges.remove(frame.stream());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onData(ChannelHandlerContext context, Http2DataFrame frame) {
        context.write(new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes()).stream(frame.stream()));
        Exchange exchange = exchanges.get(frame.stream());
        if (exchange != null) {
            byte[] bytes = ByteBufUtil.getBytes(frame.content());
            exchange.payload.write(bytes, 0, Math.min(bytes.length, MAX_KEPT - exchange.payload.size()));
        }
        endIf(context, frame.isEndStream(), frame.stream());
    }

    private void endIf(ChannelHandlerContext context, boolean isEnd, Http2FrameStream stream) {
        Exchange exchange = isEnd ? exchanges.remove(stream) : null;
        if (exchange != null) {
            onRequest(context, stream, exchange);
        }
    }

    private void onRequest(ChannelHandlerContext context, Http2FrameStream stream, Exchange exchange) {
        requests++;
        String path = exchange.header(":path");
        String token = path.substring(path.lastIndexOf('/') + 1);
        byte[] payload = exchange.payload.toByteArray();
        ApnsReaction reaction = credential(context, exchange.header("authorization"))
                .or(() -> AppleRules.refusal(exchange.header(":method"), path, exchange.headers, payload))
                .orElseGet(() -> script.decide(token, requests));
        record.accept(new ReceivedPush(
                clock.instant(),
                number,
                stream.id(),
                exchange.header(":method"),
                path,
                token,
                exchange.headers,
                new String(payload, StandardCharsets.UTF_8),
                reaction.label()));
        if (reaction.delay().isZero()) {
            react(context, stream, exchange, reaction);
        } else {
            context.executor()
                    .schedule(
                            () -> react(context, stream, exchange, reaction),
                            reaction.delay().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    private Optional<ApnsReaction> credential(ChannelHandlerContext context, String authorization) {
        if (!authorization.isEmpty()) {
            return providerTokens.refusal(authorization);
        }
        try {
            context.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
            return Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.of(ApnsReaction.reject(403, "MissingProviderToken"));
        }
    }

    private void react(
            ChannelHandlerContext context, Http2FrameStream stream, Exchange exchange, ApnsReaction reaction) {
        switch (reaction.kind()) {
            case ANSWER -> answer(context, stream, exchange, reaction.status(), body(reaction));
            case GARBAGE -> answer(context, stream, exchange, reaction.status(), reaction.text());
            case CUT_OFF -> {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")).stream(stream));
                context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("{", StandardCharsets.UTF_8))
                                .stream(stream))
                        .addListener(ChannelFutureListener.CLOSE);
            }
            case HANG -> {
                // Nothing is the point.
            }
            case DROP -> context.close();
            case GO_AWAY -> {
                context.write(new DefaultHttp2GoAwayFrame(
                        Http2Error.NO_ERROR,
                        Unpooled.copiedBuffer("{\"reason\":\"Shutdown\"}", StandardCharsets.UTF_8)));
                answer(context, stream, exchange, 200, "");
            }
            case REFUSE_STREAM -> context.write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(stream));
        }
        context.flush();
    }

    private static String body(ApnsReaction reaction) {
        if (reaction.status() == 200) {
            return "";
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reaction.text());
        reaction.timestamp().ifPresent(time -> body.put("timestamp", time));
        return body.toString();
    }

    private static void answer(
            ChannelHandlerContext context, Http2FrameStream stream, Exchange exchange, int status, String body) {
        String apnsId =
                exchange.headers.getOrDefault("apns-id", UUID.randomUUID().toString());
        Http2Headers headers =
                new DefaultHttp2Headers().status(String.valueOf(status)).set("apns-id", apnsId);
        context.write(new DefaultHttp2HeadersFrame(headers, body.isEmpty()).stream(stream));
        if (!body.isEmpty()) {
            ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
            context.write(new DefaultHttp2DataFrame(bytes, true).stream(stream));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that went away, or does not trust us: nothing of the simulator's.
        context.close();
    }
}
