package io.lanying.http.attachment;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.Checked;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.AttachmentReply;
import io.lanying.protocol.attachment.AttachmentReply.Begun;
import io.lanying.protocol.attachment.AttachmentReply.Received;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.attachment.NewAttachment;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Admitted;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What can be done about attachments, whoever calls. Each answer is what was hoped for or the problem; a failed stage means
 * unavailable. The conversation decides who is let in; nothing of an attachment is told before that. Thread-safe.
 */
public final class AttachmentCalls {

    private static final String NAME = "name";
    private static final String AWAY = "attachments cannot be reached";

    private final ConversationEntities conversations;
    private final Attachments attachments;
    private final Sealing sealing;
    private final AttachmentSettings settings;
    private final ChunkReader chunks;
    private final TenantSlots downloads;
    private final Download download;

    /** What they need of the rest. */
    public record Ports(ConversationEntities conversations, Attachments attachments, Sealing sealing) {}

    public AttachmentCalls(Ports ports, AttachmentSettings settings, ActorSystem<?> system, MeterRegistry metrics) {
        this.conversations = ports.conversations();
        this.attachments = ports.attachments();
        this.sealing = ports.sealing();
        this.settings = settings;
        this.chunks = new ChunkReader(
                system,
                new TenantSlots(
                        settings.maxChunks(), settings.maxOfTenant(), "push.http.attachments.uploading", metrics),
                settings.chunkTimeout());
        this.downloads = new TenantSlots(
                settings.maxDownloads(), settings.maxOfTenant(), "push.http.attachments.downloading", metrics);
        this.download = new Download(downloads);
    }

    /** The document, if it announces an upload as it should. */
    public Checked<JsonNode> check(Caller caller, JsonNode document) {
        return AttachmentBody.read(document, caller.userId(), settings.types()).then(body -> Checked.ok(document));
    }

    /** Begins an upload; by a repeat of the same command, tells how far it is. */
    public CompletionStage<Checked<HttpResponse>> begin(
            Caller caller, String conversationId, String key, JsonNode document) {
        if (!EntityId.isValid(conversationId)) {
            return refused(Problem.notFound());
        }
        var conversation = new EntityId(caller.tenant(), conversationId);
        return next(AttachmentBody.read(document, caller.userId(), settings.types()), body -> admitted(
                        conversation, Optional.of(body.uploaderId()), true)
                .thenCompose(life -> next(life, at -> begin(caller, conversation, at, key, body, document))));
    }

    private CompletionStage<Checked<HttpResponse>> begin(
            Caller caller, EntityId conversation, Instant life, String key, AttachmentBody body, JsonNode document) {
        return sealer(caller.tenant(), Subject.TENANT)
                .thenCombine(sealer(caller.tenant(), Subject.ofUser(body.uploaderId())), (tenant, uploader) -> {
                    String id = idOf(tenant, conversation, caller, key);
                    return new NewAttachment(
                            new AttachmentKey(conversation, id),
                            life.toEpochMilli(),
                            body.uploaderId(),
                            uploader.seal(id, NAME, body.name().getBytes(StandardCharsets.UTF_8)),
                            body.contentType(),
                            body.bytes(),
                            body.sha256(),
                            uploader.fingerprint(CanonicalJson.bytes(document)));
                })
                .thenCompose(wanted -> Unavailable.when(AWAY, () -> attachments.begin(wanted)))
                .thenApply(reply -> reply instanceof Begun begun
                        ? Checked.ok(begun(begun, body.name()))
                        : Checked.refused(problemOf(reply)));
    }

    /** Under the tenant's key, so that nobody who knows a command's key guesses what it made. */
    private static String idOf(Sealer tenant, EntityId conversation, Caller caller, String key) {
        String command = "attachment\0" + conversation.id() + "\0" + caller.keySpace() + "\0" + key;
        return "a~" + tenant.fingerprint(command.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse begun(Begun begun, String name) {
        var attachment = begun.attachment();
        var key = attachment.key();
        var answer = Answers.json(201, AttachmentJson.of(attachment, Optional.of(name)));
        String location = "/v1/conversations/" + key.conversation().id() + "/attachments/" + key.attachmentId();
        return Answers.replayed(Answers.located(answer, location), begun.repeated());
    }

    /** Tells what it is and how far its upload is. */
    public CompletionStage<Checked<HttpResponse>> show(Caller caller, String conversationId, String attachmentId) {
        return withAttachment(caller, conversationId, attachmentId, false, this::shown);
    }

    private CompletionStage<Checked<HttpResponse>> shown(Attachment attachment) {
        return name(attachment).thenApply(name -> Checked.ok(Answers.json(200, AttachmentJson.of(attachment, name))));
    }

    /** Takes the chunk that a request carries, or discards it. */
    public CompletionStage<Checked<HttpResponse>> append(
            Caller caller, String conversationId, String attachmentId, HttpRequest request) {
        var chunk = chunks.of(request);
        return withAttachment(
                        caller,
                        conversationId,
                        attachmentId,
                        true,
                        attachment -> caller.isOrServes(attachment.uploaderId())
                                ? chunk.read(attachment, (offset, bytes) -> append(attachment, offset, bytes))
                                : refused(notTheUploader()))
                .whenComplete((answer, failure) -> chunk.discardIfUnread());
    }

    private CompletionStage<Checked<HttpResponse>> append(Attachment attachment, long offset, byte[] chunk) {
        return Unavailable.when(AWAY, () -> attachments.append(attachment.key(), offset, chunk))
                .thenCompose(reply ->
                        reply instanceof Received received ? shown(received.attachment()) : refused(problemOf(reply)));
    }

    /** Removes it; also done if there is none. */
    public CompletionStage<Checked<HttpResponse>> remove(Caller caller, String conversationId, String attachmentId) {
        if (!areIds(conversationId, attachmentId)) {
            return refused(Problem.notFound());
        }
        var key = new AttachmentKey(new EntityId(caller.tenant(), conversationId), attachmentId);
        return admitted(key.conversation(), caller.userId(), false)
                .thenCompose(life -> next(life, at -> Unavailable.when(AWAY, () -> attachments.find(key))
                        .thenCompose(found -> found.isPresent()
                                        && !caller.isOrServes(found.get().uploaderId())
                                ? refused(notTheUploader())
                                : Unavailable.when(AWAY, () -> attachments.remove(key))
                                        .thenApply(done -> Checked.ok(Answers.noContent())))));
    }

    /** Answers with the content, or the part of it that is asked for. */
    public CompletionStage<Checked<HttpResponse>> content(
            Caller caller, String conversationId, String attachmentId, HttpRequest request) {
        return withAttachment(
                caller, conversationId, attachmentId, false, attachment -> content(caller, attachment, request));
    }

    private CompletionStage<Checked<HttpResponse>> content(Caller caller, Attachment attachment, HttpRequest request) {
        if (!attachment.complete()) {
            return refused(Problem.of(ErrorCode.ATTACHMENT_NOT_READY, "the attachment is not complete"));
        }
        if (!Download.isAcceptable(request, attachment)) {
            return refused(Problem.of(ErrorCode.NOT_ACCEPTABLE, "this is of type " + attachment.contentType()));
        }
        if (Download.isKnown(request, attachment)) {
            return done(download.unchanged(attachment));
        }
        var range = ByteRange.of(request, attachment.bytes(), Download.tagOf(attachment));
        if (range.isEmpty()) {
            return refused(
                    Problem.of(ErrorCode.RANGE_NOT_SATISFIABLE, "the content has " + attachment.bytes() + " bytes"));
        }
        if (downloads.isFull(caller.tenant())) {
            return refused(Problem.of(ErrorCode.UNAVAILABLE, "too much is being downloaded from this node"));
        }
        return Unavailable.when(AWAY, () -> attachments.content(attachment.key()))
                .thenCombine(name(attachment), (content, name) -> content.map(
                                found -> Checked.ok(download.of(attachment, name.orElse("erased"), found, range.get())))
                        .orElseGet(() -> Checked.refused(Problem.notFound())));
    }

    /** The next step with an attachment that the caller may know of; 404 if there is none in this life of the conversation. */
    private CompletionStage<Checked<HttpResponse>> withAttachment(
            Caller caller,
            String conversationId,
            String attachmentId,
            boolean toPost,
            Function<Attachment, CompletionStage<Checked<HttpResponse>>> next) {
        if (!areIds(conversationId, attachmentId)) {
            return refused(Problem.notFound());
        }
        var conversation = new EntityId(caller.tenant(), conversationId);
        return admitted(conversation, caller.userId(), toPost)
                .thenCompose(life -> next(life, at -> Unavailable.when(
                                AWAY, () -> attachments.find(new AttachmentKey(conversation, attachmentId)))
                        .thenCompose(found -> found.filter(attachment -> attachment.life() == at.toEpochMilli())
                                .map(next)
                                .orElseGet(() -> refused(Problem.notFound())))));
    }

    /** When the conversation began, if it lets the user, or the service, in. */
    private CompletionStage<Checked<Instant>> admitted(EntityId conversation, Optional<String> userId, boolean toPost) {
        return conversations
                .ask(conversation, replyTo -> new Admit(userId, toPost, replyTo))
                .thenApply(reply -> {
                    if (reply instanceof Admitted admitted) {
                        return Checked.ok(admitted.createdAt());
                    }
                    if (reply instanceof ConversationReply.Refused refused) {
                        return Checked.refused(
                                refused.code() == ErrorCode.NOT_FOUND
                                        ? Problem.notFound()
                                        : Problem.of(refused.code(), refused.detail()));
                    }
                    throw new IllegalStateException(
                            "a conversation answered with " + reply.getClass().getSimpleName());
                });
    }

    /** Absent once the uploader was erased. */
    private CompletionStage<Optional<String>> name(Attachment attachment) {
        var sealed = attachment.name();
        return Unavailable.when(
                        "keys cannot be read",
                        () -> sealing.existing(attachment.key().tenant(), sealed.subject()))
                .thenApply(key -> key.flatMap(sealer -> {
                    try {
                        byte[] clear = sealer.open(attachment.key().attachmentId(), NAME, sealed);
                        return Optional.of(new String(clear, StandardCharsets.UTF_8));
                    } catch (IllegalArgumentException otherKey) {
                        return Optional.empty();
                    }
                }));
    }

    private CompletionStage<Sealer> sealer(String tenant, String subject) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(tenant, subject));
    }

    private static boolean areIds(String conversationId, String attachmentId) {
        return EntityId.isValid(conversationId) && EntityId.isValid(attachmentId);
    }

    private static Problem problemOf(AttachmentReply reply) {
        if (reply instanceof AttachmentReply.Refused refused) {
            return refused.code() == ErrorCode.NOT_FOUND
                    ? Problem.notFound()
                    : Problem.of(refused.code(), refused.detail());
        }
        throw new IllegalStateException(
                "attachments answered with " + reply.getClass().getSimpleName());
    }

    private static Problem notTheUploader() {
        return Problem.of(ErrorCode.NOT_PERMITTED, "only who uploads it may do that");
    }

    private static <T> CompletionStage<Checked<HttpResponse>> next(
            Checked<T> checked, Function<T, CompletionStage<Checked<HttpResponse>>> next) {
        return checked.fold(next, AttachmentCalls::refused);
    }

    private static CompletionStage<Checked<HttpResponse>> refused(Problem problem) {
        return CompletableFuture.completedFuture(Checked.refused(problem));
    }

    private static CompletionStage<Checked<HttpResponse>> done(HttpResponse response) {
        return CompletableFuture.completedFuture(Checked.ok(response));
    }
}
