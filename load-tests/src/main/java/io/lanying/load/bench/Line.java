package io.lanying.load.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One connection of the load generator, used by its one thread only. Reads into one array, which grows with what comes, and
 * writes at once if the kernel takes it, else when it can.
 */
abstract class Line {

    private static final int FIRST_READ_BUFFER = 4 * 1024;
    private static final int READ_BUFFER = 64 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private boolean connected;
    private byte[] in = new byte[FIRST_READ_BUFFER];
    private int inEnd;
    private ByteBuffer out = ByteBuffer.allocate(0);

    /** Begins to connect; what is written meanwhile follows. */
    Line(InetSocketAddress server, Wires wires) throws IOException {
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        connected = channel.connect(server);
        key = channel.register(wires.selector(), connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    /** Consumes whole messages from {@code bytes[0..end]} and returns how many bytes they were. */
    abstract int consume(byte[] bytes, int end) throws IOException;

    /** The server closed the connection. */
    void cutOff() throws IOException {
        throw new EOFException("the server closed a connection");
    }

    final void ready() throws IOException {
        if (key.isConnectable()) {
            connected = channel.finishConnect();
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            return;
        }
        if (key.isWritable()) {
            flush();
        }
        if (key.isReadable()) {
            read();
        }
    }

    private void read() throws IOException {
        int count = channel.read(ByteBuffer.wrap(in, inEnd, in.length - inEnd));
        if (count < 0) {
            cutOff();
            return;
        }
        inEnd += count;
        int used = consume(in, inEnd);
        System.arraycopy(in, used, in, 0, inEnd - used);
        inEnd -= used;
        if (inEnd == READ_BUFFER) {
            throw new IOException("a message is larger than " + READ_BUFFER + " bytes");
        }
        if (inEnd == in.length) {
            in = Arrays.copyOf(in, in.length * 2);
        }
    }

    final void write(byte[] bytes, int length) throws IOException {
        if (!connected) {
            keep(bytes, 0, length);
            return;
        }
        if (!out.hasRemaining()) {
            ByteBuffer direct = ByteBuffer.wrap(bytes, 0, length);
            channel.write(direct);
            if (!direct.hasRemaining()) {
                return;
            }
            keep(bytes, direct.position(), direct.remaining());
        } else {
            keep(bytes, 0, length);
        }
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    private void keep(byte[] bytes, int from, int length) {
        byte[] rest =
                Arrays.copyOf(Arrays.copyOfRange(out.array(), out.position(), out.limit()), out.remaining() + length);
        System.arraycopy(bytes, from, rest, rest.length - length, length);
        out = ByteBuffer.wrap(rest);
    }

    private void flush() throws IOException {
        channel.write(out);
        if (!out.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    final void close() throws IOException {
        channel.close();
    }
}
