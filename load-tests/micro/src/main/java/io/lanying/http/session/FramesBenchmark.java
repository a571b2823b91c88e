package io.lanying.http.session;

import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.Protocol;
import akka.util.ByteString;
import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.BadFrameException;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import scala.Option;

/** The two frames of each push: the item with a body of 300 bytes, opened already, and the app's acknowledgement. */
@SuppressWarnings("NullAway.Init") // JMH sets it up
public class FramesBenchmark extends ShortRun {

    private static final int MASK = 0x1badcafe;

    @Param({"JSON", "CBOR"})
    public FrameFormat format;

    private final Sealed sealed = new Sealed(Samples.SUBJECT, Samples.body());
    private final Item item =
            new Item(42, Samples.notificationId(42), ItemKind.PUSH, Samples.AT, Optional.empty(), Optional.of(sealed));
    private final Sealer opened = new Opened();
    private final MessageAssembler assembler = new MessageAssembler(FrameCodec.MAX_CLIENT_BYTES);
    private FrameCodec codec;
    private ItemFrames frames;
    private FrameEvent acknowledgement;

    @Setup
    public void prepare() throws BadFrameException {
        codec = FrameCodec.of(format);
        frames = new ItemFrames(codec);
        acknowledgement = masked(codec.write(new ClientFrame.Ack(42)));
        if (!(readAck() instanceof ClientFrame.Ack ack) || ack.itemSeq() != 42) {
            throw Samples.wrong(readAck());
        }
    }

    @Benchmark
    public Object writeItem() {
        byte[] bytes = frames.opened(item, sealed, opened).orElseThrow();
        return format == FrameFormat.JSON ? WebSocketFrames.text(bytes) : WebSocketFrames.binary(bytes);
    }

    @Benchmark
    public Object readAck() throws BadFrameException {
        assembler.accept(acknowledgement);
        return codec.readClient(assembler.payload()).orElseThrow();
    }

    /** A whole frame as apps send it. */
    private FrameEvent masked(byte[] payload) {
        byte[] bytes = payload.clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (MASK >>> (24 - 8 * (i & 3)));
        }
        int opcode = format == FrameFormat.JSON ? WebSocketFrames.TEXT : WebSocketFrames.BINARY;
        return FrameEvent.fullFrame(
                Protocol.Opcode$.MODULE$.forCode((byte) opcode),
                Option.<Object>apply(MASK),
                ByteString.fromArray(bytes),
                true,
                false,
                false,
                false);
    }

    /** Sealing has a benchmark of its own. */
    private static final class Opened implements Sealer {

        @Override
        public String subject() {
            return Samples.SUBJECT;
        }

        @Override
        public Sealed seal(String id, String field, byte[] clear) {
            return new Sealed(Samples.SUBJECT, clear);
        }

        @Override
        public byte[] open(String id, String field, Sealed sealed) {
            return sealed.box();
        }

        @Override
        public String fingerprint(byte[] content) {
            return "";
        }
    }
}
