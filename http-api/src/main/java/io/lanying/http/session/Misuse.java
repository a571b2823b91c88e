package io.lanying.http.session;

/** How an app can break the protocol: the reason in the close frame, as asyncapi.yaml lists them. */
enum Misuse {
    HELLO_EXPECTED("helloExpected"),
    SECOND_HELLO("secondHello"),
    BAD_FRAME("badFrame"),
    WRONG_MESSAGE_TYPE("wrongMessageType"),
    FRAME_TOO_LARGE("frameTooLarge"),
    WEB_SOCKET_VIOLATION("webSocketViolation"),
    FLOOD("flood"),
    ACK_ABOVE_SENT("ackAboveSent");

    private final String reason;

    Misuse(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
