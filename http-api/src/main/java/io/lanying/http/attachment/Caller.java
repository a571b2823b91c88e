package io.lanying.http.attachment;

import java.util.Optional;

/**
 * Who deals with attachments.
 *
 * @param userId the person behind a device; absent: the tenant's service, which may do everything
 */
public record Caller(String tenant, Optional<String> userId) {

    /** Keys of repeats are apart for each person. */
    String keySpace() {
        return userId.map(id -> "user " + id).orElse("service");
    }

    boolean isOrServes(String uploaderId) {
        return userId.isEmpty() || userId.get().equals(uploaderId);
    }
}
