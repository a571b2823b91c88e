package io.lanying.http.session;

import akka.http.impl.engine.ws.FrameData;
import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.FrameHeader;
import akka.http.impl.engine.ws.FrameStart;
import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of one app's frames and parts of frames (RFC 6455 §5), holding at most {@code maxBytes} of a message.
 * Memory grows with what was received, never with what was announced. Not thread-safe.
 */
final class MessageAssembler {

    /** What a frame, or a part of one, has brought. */
    enum Step {
        MORE,
        TEXT,
        BINARY,
        PING,
        PONG,
        CLOSE,
        /** Not WebSocket as RFC 6455 has it. */
        VIOLATION,
        /** The message is longer than allowed. */
        TOO_LONG
    }

    private static final int MAX_CONTROL_BYTES = 125;
    private static final int CONTROL = 8;

    private final int maxBytes;

    private int opcode;
    private boolean last;
    private int mask;
    private int masked;
    private boolean inFrame;
    private int messageOpcode;
    private @Nullable ByteArrayOutputStream message;
    private @Nullable ByteArrayOutputStream control;
    private byte[] payload = {};

    MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether something was begun and is not finished. */
    boolean inProgress() {
        return inFrame || messageOpcode != 0;
    }

    /** The payload of the message or control frame that the last step completed. */
    byte[] payload() {
        return payload;
    }

    Step accept(FrameEvent event) {
        if (event instanceof FrameStart start) {
            Optional<Step> refused = begin(start.header());
            return refused.isPresent() ? refused.get() : append(start.data(), start.lastPart());
        }
        FrameData data = (FrameData) event;
        return append(data.data(), data.lastPart());
    }

    private Optional<Step> begin(FrameHeader header) {
        opcode = WebSocketFrames.opcode(header);
        last = header.fin();
        if (header.mask().isEmpty() || header.rsv1() || header.rsv2() || header.rsv3()) {
            return Optional.of(Step.VIOLATION);
        }
        mask = (Integer) header.mask().get();
        masked = 0;
        inFrame = true;
        return isControl() ? beginControl(header) : beginData(header);
    }

    private Optional<Step> beginControl(FrameHeader header) {
        boolean known = opcode <= WebSocketFrames.PONG;
        return known && last && header.length() <= MAX_CONTROL_BYTES ? Optional.empty() : Optional.of(Step.VIOLATION);
    }

    private Optional<Step> beginData(FrameHeader header) {
        boolean continues = opcode == WebSocketFrames.CONTINUATION;
        if (opcode > WebSocketFrames.BINARY || continues != (messageOpcode != 0)) {
            return Optional.of(Step.VIOLATION);
        }
        int have = message == null ? 0 : message.size();
        if (header.length() > maxBytes - have) {
            return Optional.of(Step.TOO_LONG);
        }
        if (!continues) {
            messageOpcode = opcode;
        }
        return Optional.empty();
    }

    private Step append(ByteString data, boolean frameEnds) {
        byte[] bytes = data.toArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (mask >>> (24 - 8 * (masked++ & 3)));
        }
        inFrame = !frameEnds;
        return isControl() ? appendControl(bytes, frameEnds) : appendData(bytes, frameEnds);
    }

    private Step appendControl(byte[] bytes, boolean frameEnds) {
        if (!frameEnds || control != null) {
            control = collect(control, bytes);
        }
        if (!frameEnds) {
            return Step.MORE;
        }
        payload = control == null ? bytes : control.toByteArray();
        control = null;
        return switch (opcode) {
            case WebSocketFrames.PING -> Step.PING;
            case WebSocketFrames.PONG -> Step.PONG;
            default -> Step.CLOSE;
        };
    }

    private Step appendData(byte[] bytes, boolean frameEnds) {
        boolean ends = frameEnds && last;
        if (!ends || message != null) {
            message = collect(message, bytes);
        }
        if (!ends) {
            return Step.MORE;
        }
        payload = message == null ? bytes : message.toByteArray();
        Step step = messageOpcode == WebSocketFrames.TEXT ? Step.TEXT : Step.BINARY;
        message = null;
        messageOpcode = 0;
        return step;
    }

    private static ByteArrayOutputStream collect(@Nullable ByteArrayOutputStream buffer, byte[] bytes) {
        ByteArrayOutputStream into = buffer == null ? new ByteArrayOutputStream(bytes.length + 32) : buffer;
        into.writeBytes(bytes);
        return into;
    }

    private boolean isControl() {
        return opcode >= CONTROL;
    }
}
