package io.lanying.channels.apns;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;

/** Answers that Apple did not give. The same table is in {@code docs/channels.md}; a test compares them. */
enum ApnsLocal {
    BUSY("busy", ResultClass.RETRY, "all places are taken (`connections` × `max-in-flight`); nothing left"),
    DEADLINE("deadline", ResultClass.RETRY, "not written within the deadline; it will not leave later either"),
    CONNECT("connect", ResultClass.RETRY, "no connection; nothing left"),
    TLS("tls", ResultClass.RETRY, "the server's certificate is not trusted, or is for another name; nothing left"),
    REFUSED_STREAM(
            "refusedStream", ResultClass.RETRY, "Apple refused the stream again and again, and did nothing with it"),
    CLOSED("closed", ResultClass.RETRY, "the client is closing; nothing left"),
    NO_ANSWER("noAnswer", ResultClass.UNKNOWN_OUTCOME, "sent; no answer within the deadline"),
    DROPPED("dropped", ResultClass.UNKNOWN_OUTCOME, "sent; the connection ended without an answer"),
    BAD_TOKEN("badToken", ResultClass.TOKEN_INVALID, "the device's token is not hexadecimal; not sent"),
    BAD_TOPIC("badTopic", ResultClass.TOKEN_INVALID, "the token's topic is not a bundle id; not sent"),
    EXPIRED("expired", ResultClass.REJECTED, "its time had ended; not sent"),
    FORBIDDEN_DATA_KEY("forbiddenDataKey", ResultClass.REJECTED, "`data` has a name that is taken; not sent"),
    BAD_BLOCK(
            "badApnsBlock",
            ResultClass.REJECTED,
            "a value of the caller's `apns` block is wrong, `:` and its field follow; not sent"),
    UNKNOWN_KEY(
            "unknownApnsKey",
            ResultClass.REJECTED,
            "the caller's `apns` block has a field that is not taken; not sent"),
    UNBUILDABLE("unbuildable", ResultClass.REJECTED, "the message cannot be written as JSON; not sent"),
    TOO_LARGE("messageTooLarge", ResultClass.TOO_LARGE, "over 4,096 bytes (VoIP 5,120) by our own count; not sent");

    private final String code;
    private final ResultClass result;
    private final String meaning;

    ApnsLocal(String code, ResultClass result, String meaning) {
        this.code = code;
        this.result = result;
        this.meaning = meaning;
    }

    String code() {
        return code;
    }

    ResultClass result() {
        return result;
    }

    /** For people. */
    String meaning() {
        return meaning;
    }

    VendorAnswer answer() {
        return VendorAnswer.of(result, code);
    }

    /** The answer with the name of one of our fields. */
    VendorAnswer answer(String field) {
        return VendorAnswer.of(result, code + ":" + field);
    }
}
