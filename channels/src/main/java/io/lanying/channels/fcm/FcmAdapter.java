package io.lanying.channels.fcm;

import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.channels.fcm.FcmAnswers.Seen;
import io.lanying.channels.fcm.FcmMessages.Built;
import io.lanying.channels.fcm.FcmReply.Target;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * FCM with one service account: one call, one attempt, at most one request to the send address, and never an exception out of
 * the stage. Answers are judged by {@link FcmAnswers} and {@link FcmLocal}.
 *
 * <p>The Firebase client's own repeats (four on 503, one on 401) are kept from it, see {@link FcmTransport}: a 503 comes back as
 * {@code RETRY} at once, with the vendor's {@code Retry-After} if it sent one, and the caller backs off. FCM has no
 * de-duplication: a message whose outcome is unknown may be shown twice if it is repeated, and the app tells by
 * {@value FcmMessages#ID_KEY}.
 *
 * <p>Limits: {@code threads} requests under way and {@code queue-limit} waiting, the rest is answered {@code RETRY} with code
 * {@code busy} at once. A call is answered within {@code deadline}. Thread-safe; the stages complete on the client's own
 * threads, so dependants must not block.
 */
final class FcmAdapter implements VendorAdapter {

    private final FcmSettings settings;
    private final Clock clock;
    private final FcmTransport transport;
    private final FcmTokens tokens;
    private final FcmThreads threads;
    private final FirebaseApp app;
    private final FirebaseMessaging messaging;
    private final FcmProof proof = new FcmProof();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    FcmAdapter(FcmServiceAccount account, FcmSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.transport = new FcmTransport(settings);
        this.tokens = new FcmTokens(account, settings, transport);
        // The client keeps its apps by name in a static map.
        String name = "fcm-" + UUID.randomUUID();
        this.threads = new FcmThreads(name, settings.threads(), settings.queueLimit(), this::release);
        this.app = FirebaseApp.initializeApp(
                FirebaseOptions.builder()
                        .setProjectId(account.projectId())
                        .setCredentials(tokens.credentials())
                        .setHttpTransport(transport)
                        .setThreadManager(threads)
                        .setConnectTimeout((int) settings.connectTimeout().toMillis())
                        .setReadTimeout((int) settings.readTimeout().toMillis())
                        .build(),
                name);
        this.messaging = FirebaseMessaging.getInstance(app);
    }

    @Override
    public CompletionStage<VendorAnswer> send(VendorMessage message) {
        Built built;
        try {
            built = FcmMessages.build(message, clock.instant());
        } catch (RuntimeException e) {
            // A bug of ours must not take the caller's actor down; the same message would fail again.
            return CompletableFuture.completedFuture(FcmLocal.UNBUILDABLE.answer());
        }
        if (built.refusal().isPresent()) {
            return CompletableFuture.completedFuture(built.refusal().get());
        }
        return attempt(built.message().orElseThrow(), built.make(), false);
    }

    /**
     * A dry run ({@code validate_only}) to a token that cannot exist. FCM checks the credential, the project and the right to
     * send before it looks at the token, so the complaint about the token is the good answer.
     */
    @Override
    public CompletionStage<VendorAnswer> probe() {
        return attempt(FcmMessages.probe(), "", true);
    }

    @Override
    public CompletionStage<Void> close() {
        threads.end();
        return closed;
    }

    private CompletionStage<VendorAnswer> attempt(Message message, String make, boolean isDryRun) {
        FcmAttempt attempt = new FcmAttempt();
        try {
            threads.workers().execute(() -> run(attempt, message, make, isDryRun));
            attempt.endsWith(threads.deadlines()
                    .schedule(
                            () -> attempt.giveUp(FcmLocal.DEADLINE.answer(), FcmLocal.NO_ANSWER.answer()),
                            settings.deadline().toMillis(),
                            TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            // Full, or closing. If it was closed between the two calls the attempt may be under way without a deadline:
            // end it.
            FcmLocal refusal = threads.workers().isShutdown() ? FcmLocal.CLOSED : FcmLocal.BUSY;
            attempt.giveUp(refusal.answer(), FcmLocal.NO_ANSWER.answer());
        }
        return attempt.answer();
    }

    private void run(FcmAttempt attempt, Message message, String make, boolean isDryRun) {
        if (attempt.isOver()) {
            return;
        }
        transport.enter(attempt);
        try {
            tokens.ready(attempt);
            String id = messaging.send(message, isDryRun);
            attempt.end(taken(id, make));
        } catch (FirebaseMessagingException | IOException e) {
            attempt.end(judge(attempt, e, make, isDryRun));
        } catch (RuntimeException | StackOverflowError e) {
            attempt.end((attempt.hasLeft() ? FcmLocal.BAD_ANSWER : FcmLocal.FAULT).answer());
        } finally {
            transport.leave();
        }
    }

    private VendorAnswer taken(String id, String make) {
        tokens.taken();
        if (id == null || id.isBlank()) {
            return FcmLocal.BAD_ANSWER.answer();
        }
        proof.taken(make);
        return VendorAnswer.accepted(Optional.of(id));
    }

    private VendorAnswer judge(FcmAttempt attempt, Exception failure, String make, boolean isDryRun) {
        Optional<FcmWireException> wire = FcmWireException.in(failure);
        if (wire.isEmpty()) {
            // A success whose body the client could not read, from the one address or the other.
            return (attempt.hasLeft() ? FcmLocal.BAD_ANSWER : FcmLocal.TOKEN_UNREADABLE).answer();
        }
        return wire.get()
                .reply()
                .map(reply -> judge(reply, make, isDryRun))
                .orElseGet(() -> unanswered(attempt, wire.get()));
    }

    private VendorAnswer judge(FcmReply reply, String make, boolean isDryRun) {
        boolean isRefusedBearer = reply.target() == Target.SEND && reply.status() == 401;
        boolean isRenewed = isRefusedBearer && !tokens.refused(reply.bearer());
        Seen seen = FcmAnswers.seen(reply, proof.isTaken(make), isRenewed);
        if (isDryRun && FcmAnswers.isAboutTheToken(seen)) {
            return VendorAnswer.accepted(Optional.empty());
        }
        return FcmAnswers.judge(seen, clock.instant());
    }

    private static VendorAnswer unanswered(FcmAttempt attempt, FcmWireException failure) {
        if (failure.target() == Target.TOKEN) {
            return FcmLocal.TOKEN_UNREACHABLE.answer();
        }
        if (!attempt.hasLeft()) {
            return FcmLocal.NOT_SENT.answer();
        }
        return (failure.getCause() instanceof SocketTimeoutException ? FcmLocal.NO_ANSWER : FcmLocal.DROPPED).answer();
    }

    private void release() {
        try {
            app.delete();
        } finally {
            transport.close();
            closed.complete(null);
        }
    }
}
