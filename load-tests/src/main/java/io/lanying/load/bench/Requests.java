package io.lanying.load.bench;

import java.util.List;

/** The bytes of the sends: one ready request for each device, in which only the message's number changes. */
final class Requests {

    private static final int DIGITS = 10;

    private final byte[][] requests;
    private final int[] keyAt;
    private final int[] markAt;

    /**
     * @param run makes keys differ from those of other runs
     * @param messageBytes the size of the {@code message} object
     */
    Requests(String host, String apiKey, List<String> devices, String run, int messageBytes) {
        requests = new byte[devices.size()][];
        keyAt = new int[devices.size()];
        markAt = new int[devices.size()];
        String zeros = "0".repeat(DIGITS);
        String frame = "{\"title\":\"m" + zeros + "\",\"body\":\"\"}";
        String message =
                frame.replace("\"body\":\"\"", "\"body\":\"" + "x".repeat(messageBytes - frame.length()) + "\"");
        for (int device = 0; device < requests.length; device++) {
            String body = "{\"audience\":{\"devices\":[\"" + devices.get(device) + "\"]},\"message\":" + message + "}";
            String head = "POST /v1/notifications HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + apiKey
                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + run + "-" + zeros
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
            requests[device] = Bytes.of(head + body);
            keyAt[device] = head.indexOf(run + "-" + zeros) + run.length() + 1;
            markAt[device] = head.length() + body.indexOf("\"m" + zeros) + 2;
        }
    }

    /** The request for a message; valid until the next call for the same device. */
    byte[] request(int device, int message) {
        byte[] request = requests[device];
        Bytes.putDigits(request, keyAt[device], DIGITS, message);
        Bytes.putDigits(request, markAt[device], DIGITS, message);
        return request;
    }

    /** Each in its turn. */
    int deviceOf(int message) {
        return message % requests.length;
    }
}
