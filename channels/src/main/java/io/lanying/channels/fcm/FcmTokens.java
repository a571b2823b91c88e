package io.lanying.channels.fcm;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of one service account: fetched when needed, a few minutes before they end, by one thread for all; after a 401
 * once more, for the caller's repeat. Thread-safe.
 */
final class FcmTokens {

    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

    private final GoogleCredentials credentials;
    private final Object lock = new Object();
    private volatile @Nullable String refused;
    private volatile @Nullable String renewed;

    FcmTokens(FcmServiceAccount account, FcmSettings settings, FcmTransport transport) {
        ServiceAccountCredentials.Builder builder = ServiceAccountCredentials.newBuilder()
                .setProjectId(account.projectId())
                .setClientEmail(account.clientEmail())
                .setPrivateKey(account.privateKey())
                .setScopes(List.of(SCOPE))
                .setTokenServerUri(settings.tokenEndpoint())
                .setHttpTransportFactory(() -> transport)
                // The channel repeats, with back-off; the library would sleep on our thread.
                .setDefaultRetriesEnabled(false);
        if (!account.privateKeyId().isEmpty()) {
            builder.setPrivateKeyId(account.privateKeyId());
        }
        this.credentials = new MessagingOnly(builder.build());
    }

    GoogleCredentials credentials() {
        return credentials;
    }

    /** Sees to it that there is a token worth sending with; asks the token endpoint if not. */
    void ready(FcmAttempt attempt) throws IOException {
        if (!isPresentRefused()) {
            credentials.refreshIfExpired();
            return;
        }
        synchronized (lock) {
            // Another thread may have been faster, and who waited too long must not begin.
            if (isPresentRefused() && !attempt.isOver()) {
                credentials.refresh();
                AccessToken fresh = credentials.getAccessToken();
                renewed = fresh == null ? null : fresh.getTokenValue();
            }
        }
    }

    /**
     * The vendor answered 401 to this token.
     *
     * @return whether it is worth another try: false if this very token was fetched because of a 401
     */
    boolean refused(String token) {
        refused = token;
        return !token.equals(renewed);
    }

    /** The vendor took this token. */
    void taken() {
        renewed = null;
    }

    private boolean isPresentRefused() {
        AccessToken present = credentials.getAccessToken();
        return present != null && present.getTokenValue().equals(refused);
    }

    /**
     * The Firebase client makes a copy of what it is given, with wider scopes and a token of its own. This one stays itself: one
     * token, good for messages only, and the one that a 401 speaks of.
     */
    private static final class MessagingOnly extends GoogleCredentials {

        private static final long serialVersionUID = 1L;

        private final ServiceAccountCredentials account;

        MessagingOnly(ServiceAccountCredentials account) {
            super(GoogleCredentials.newBuilder());
            this.account = account;
        }

        @Override
        public AccessToken refreshAccessToken() throws IOException {
            return account.refreshAccessToken();
        }

        @Override
        public boolean createScopedRequired() {
            return false;
        }

        @Override
        public GoogleCredentials createScoped(Collection<String> scopes) {
            return this;
        }

        @Override
        public GoogleCredentials createScoped(Collection<String> scopes, Collection<String> defaultScopes) {
            return this;
        }
    }
}
