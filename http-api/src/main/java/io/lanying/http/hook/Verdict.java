package io.lanying.http.hook;

import io.lanying.protocol.ErrorCode;

/** What becomes of a message that a hook was asked about. */
sealed interface Verdict {

    /** It is accepted with this content, as JSON. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Accept(byte[] content) implements Verdict {}

    /** It is not. */
    record Refuse(ErrorCode code, String detail) implements Verdict {}
}
