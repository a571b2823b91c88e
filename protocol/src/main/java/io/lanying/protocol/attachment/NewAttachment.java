package io.lanying.protocol.attachment;

import io.lanying.protocol.sealing.Sealed;

/**
 * An upload that is to begin, checked.
 *
 * @param life the conversation's, of several under one id: when it was created, in milliseconds since 1970
 * @param name of the file, sealed under the uploader's key
 * @param bytes of the content, at least 1
 * @param sha256 of the content, in hex, lower case
 * @param fingerprint of all that was asked: a repeat with another one is refused
 */
public record NewAttachment(
        AttachmentKey key,
        long life,
        String uploaderId,
        Sealed name,
        String contentType,
        long bytes,
        String sha256,
        String fingerprint) {}
