package io.lanying.protocol.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A block of IP addresses, as {@code 10.0.0.0/8} or {@code ::1/128}; an address alone is a block of one. */
public final class Network {

    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Reads a block; looks nothing up.
     *
     * @throws IllegalArgumentException with one clear sentence if it is none
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = literal(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? address.length * 8 : number(text.substring(slash + 1));
        if (address.length == 0 || bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException("not a network such as 10.0.0.0/8 or fd00::/8: " + text);
        }
        return new Network(address, bits);
    }

    /** Whether the address is in the block. An IPv4 address written as IPv6 counts as what it is. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = bits % 8;
        int mask = rest == 0 ? 0 : (0xff << (8 - rest)) & 0xff;
        return Arrays.equals(bytes, 0, whole, prefix, 0, whole)
                && (rest == 0 || (bytes[whole] & mask) == (prefix[whole] & mask));
    }

    /** The bytes of an address in figures; none if it is something else. */
    static byte[] literal(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return new byte[0];
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }
}
