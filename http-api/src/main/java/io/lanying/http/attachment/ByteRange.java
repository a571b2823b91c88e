package io.lanying.http.attachment;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a content that is wanted.
 *
 * @param from its first byte
 * @param to the one after its last
 * @param whole nobody asked for a part
 */
record ByteRange(long from, long to, boolean whole) {

    /** One range; several at once, and other units, are ignored as RFC 9110 allows, which gives the whole. */
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    long length() {
        return to - from;
    }

    /** What a request wants of a content of this size, with this tag; empty if that is nothing of it. */
    static Optional<ByteRange> of(HttpRequest request, long bytes, String tag) {
        var all = new ByteRange(0, bytes, true);
        boolean sameAsBefore = request.getHeader("if-range")
                .map(HttpHeader::value)
                .map(tag::equals)
                .orElse(true);
        var wanted = request.getHeader("range").map(HttpHeader::value).map(text -> ONE.matcher(text.strip()));
        if (!sameAsBefore || wanted.isEmpty() || !wanted.get().matches()) {
            return Optional.of(all);
        }
        String first = wanted.get().group(1);
        String last = wanted.get().group(2);
        if (first.isEmpty()) {
            if (last.isEmpty()) {
                return Optional.of(all);
            }
            long count = Math.min(Long.parseLong(last), bytes);
            return count == 0 ? Optional.empty() : Optional.of(new ByteRange(bytes - count, bytes, false));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? bytes : Math.min(bytes, Long.parseLong(last) + 1);
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.of(all);
        }
        return from < bytes ? Optional.of(new ByteRange(from, to, false)) : Optional.empty();
    }
}
