package io.lanying.channels.fcm;

import static io.lanying.protocol.channel.ResultClass.REJECTED;
import static io.lanying.protocol.channel.ResultClass.RETRY;
import static io.lanying.protocol.channel.ResultClass.UNKNOWN_OUTCOME;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;

/** Answers that no vendor gave: what the adapter says itself, and what the want of an answer means. */
enum FcmLocal {
    BUSY("busy", RETRY, "all threads and the queue are taken; nothing left"),
    DEADLINE(
            "deadline",
            RETRY,
            "not sent within the deadline: no free thread, no connection or no access token; nothing left"),
    CLOSED("closed", RETRY, "the client is closing; nothing left"),
    NOT_SENT("connect", RETRY, "no connection or no TLS; nothing left"),
    TOKEN_UNREACHABLE(
            "token:connect", RETRY, "the token endpoint was not reached or did not answer; the message had not left"),
    TOKEN_UNREADABLE(
            "token:badAnswer", RETRY, "the token endpoint's answer holds no access token; the message had not left"),
    NO_ANSWER("noAnswer", UNKNOWN_OUTCOME, "sent; no answer within the read time-out or the deadline"),
    DROPPED("dropped", UNKNOWN_OUTCOME, "sent; the connection ended without an answer"),
    BAD_ANSWER("badAnswer", UNKNOWN_OUTCOME, "sent; a success was answered that names no message"),
    FAULT("fault", RETRY, "the client failed before the message left"),
    TOO_LARGE("messageTooLarge", ResultClass.TOO_LARGE, "over 4,096 bytes by our own count; not sent"),
    DATA_KEY("forbiddenDataKey", REJECTED, "a key of `data` that FCM or we reserve; not sent"),
    BLOCK("badFcmBlock", REJECTED, "a value of the caller's `fcm` block has the wrong type or form; not sent"),
    BLOCK_KEY("unknownFcmKey", REJECTED, "the caller's `fcm` block has a key that is not taken; not sent"),
    UNBUILDABLE("unbuildable", REJECTED, "the message could not be put into FCM's form; not sent"),
    TOKEN("badToken", REJECTED, "the device's token is empty; not sent");

    private final String code;
    private final ResultClass result;
    private final String meaning;

    FcmLocal(String code, ResultClass result, String meaning) {
        this.code = code;
        this.result = result;
        this.meaning = meaning;
    }

    VendorAnswer answer() {
        return VendorAnswer.of(result, code);
    }

    /** The answer with the place it speaks of: a JSON pointer made of known names only. */
    VendorAnswer answer(String pointer) {
        return VendorAnswer.of(result, code + ":" + pointer);
    }

    String code() {
        return code;
    }

    ResultClass result() {
        return result;
    }

    String meaning() {
        return meaning;
    }
}
