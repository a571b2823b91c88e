package io.lanying.load.bench;

import java.nio.charset.StandardCharsets;

/** Searching in received bytes without making text of them. */
final class Bytes {

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Where {@code wanted} begins within {@code from..to}, or -1. */
    static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
        for (int start = from; start <= to - wanted.length; start++) {
            int matched = 0;
            while (matched < wanted.length && bytes[start + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return start;
            }
        }
        return -1;
    }

    /** The number whose digits begin after {@code name}, or -1 if the name is not there. */
    static long numberAfter(byte[] bytes, int from, int to, byte[] name) {
        int found = indexOf(bytes, from, to, name);
        if (found < 0) {
            return -1;
        }
        long number = 0;
        for (int place = found + name.length; place < to && isDigit(bytes[place]); place++) {
            number = number * 10 + (bytes[place] - '0');
        }
        return number;
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    /** Writes a number with leading zeros. */
    static void putDigits(byte[] bytes, int at, int digits, long number) {
        long rest = number;
        for (int place = at + digits - 1; place >= at; place--) {
            bytes[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
