package io.lanying.load.bench;

/** The bytes of messages to one conversation, in which only the message's number changes. */
final class TalkRequests {

    private static final int DIGITS = 10;
    private static final String ZEROS = "0".repeat(DIGITS);

    private final byte[] request;
    private final int keyAt;
    private final int markAt;

    /** @param textBytes the size of a message's text */
    TalkRequests(String host, String apiKey, String conversation, String sender, int textBytes) {
        String text = "m" + ZEROS + "x".repeat(Math.max(0, textBytes - DIGITS - 1));
        String body = "{\"senderId\":\"" + sender + "\",\"clientMessageId\":\"k" + ZEROS
                + "\",\"type\":\"text\",\"content\":{\"text\":\"" + text + "\"}}";
        String head = "POST /v1/conversations/" + conversation + "/messages HTTP/1.1\r\nHost: " + host
                + "\r\nAuthorization: Bearer " + apiKey + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        request = Bytes.of(head + body);
        keyAt = head.length() + body.indexOf("\"k" + ZEROS) + 2;
        markAt = head.length() + body.indexOf("\"m" + ZEROS) + 2;
    }

    /** The request for a message; valid until the next call. */
    byte[] request(int message) {
        Bytes.putDigits(request, keyAt, DIGITS, message);
        Bytes.putDigits(request, markAt, DIGITS, message);
        return request;
    }
}
