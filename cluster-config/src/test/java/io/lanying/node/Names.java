package io.lanying.node;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on loopback that knows IPv4 addresses of names, as RFC 1035 says it; of others it says that there are none. */
final class Names implements AutoCloseable {

    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int CLASS_IN = 1;
    private static final int MOST = 512;
    /** Response, authoritative, recursion available. */
    private static final int FLAGS = 0x8580;
    /** A pointer to the name in the question. */
    private static final int SAME_NAME = 0xC000 | HEADER;

    private final DatagramSocket socket;
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

    Names() throws SocketException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread answering = new Thread(this::answer, "names");
        answering.setDaemon(true);
        answering.start();
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void put(String name, List<String> at) {
        addresses.put(name, at);
    }

    private void answer() {
        DatagramPacket packet = new DatagramPacket(new byte[MOST], MOST);
        while (true) {
            try {
                packet.setLength(MOST);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        ByteBuffer fields = ByteBuffer.wrap(question);
        int end = HEADER;
        StringBuilder name = new StringBuilder();
        while (question[end] != 0) {
            int length = question[end];
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, end + 1, length, StandardCharsets.US_ASCII));
            end += length + 1;
        }
        int type = fields.getShort(end + 1);
        end += 5;
        List<String> found = type == TYPE_A ? addresses.getOrDefault(name.toString(), List.of()) : List.of();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(fields.getShort(0));
        out.writeShort(FLAGS);
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(question, HEADER, end - HEADER);
        for (String address : found) {
            out.writeShort(SAME_NAME);
            out.writeShort(TYPE_A);
            out.writeShort(CLASS_IN);
            out.writeInt(1); // second to live
            byte[] raw = InetAddress.getByName(address).getAddress();
            out.writeShort(raw.length);
            out.write(raw);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
