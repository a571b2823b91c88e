package io.lanying.http.hook;

import akka.actor.typed.ActorRef;
import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.CheckEdit;
import io.lanying.protocol.conversation.ConversationCommand.CheckPost;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Acceptable;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings messages and edits to conversations, whichever way they came, after the tenant's hook, if it has one, has let them pass.
 *
 * <p>Before a hook is asked, the conversation is: a repeat gets its first answer, and what would be refused anyhow is. So a
 * message is asked about once, unless its sender repeats it before it is accepted; then the question has the same id. What
 * is to be posted then may refer to attachments that are there and complete only. The conversation waits for nobody. Thread-safe; a failed stage means unknown: repeat.
 */
public final class AskedMessages {

    /** What holds for a tenant's messages. */
    private record Terms(TenantCache tenants, MessageQuotas quotas, MessageHooks hooks) {}

    private final ConversationEntities conversations;
    private final Optional<Terms> terms;
    private final ReadyAttachments attachments;

    public AskedMessages(
            ConversationEntities conversations,
            TenantCache tenants,
            MessageQuotas quotas,
            MessageHooks hooks,
            ReadyAttachments attachments) {
        this(conversations, Optional.of(new Terms(tenants, quotas, hooks)), attachments);
    }

    private AskedMessages(ConversationEntities conversations, Optional<Terms> terms, ReadyAttachments attachments) {
        this.conversations = conversations;
        this.terms = terms;
        this.attachments = attachments;
    }

    /** No quotas, and nobody is asked, whatever tenants want. */
    public static AskedMessages unasked(ConversationEntities conversations, ReadyAttachments attachments) {
        return new AskedMessages(conversations, Optional.empty(), attachments);
    }

    /**
     * A message that is to be handed to its conversation: when this stage completes, it may be. {@code Posted} or
     * {@code Refused}.
     *
     * @param command what posts it with a content
     */
    public CompletionStage<Supplier<CompletionStage<ConversationReply>>> post(
            HookQuestion message, BiFunction<byte[], ActorRef<ConversationReply>, Post> command) {
        return prepare(message, command::apply, replyTo -> new CheckPost(command.apply(message.content(), replyTo)));
    }

    /** An edit: {@code Edited} or {@code Refused}. */
    public CompletionStage<ConversationReply> edit(
            HookQuestion edit, BiFunction<byte[], ActorRef<ConversationReply>, Edit> command) {
        return prepare(edit, command::apply, replyTo -> new CheckEdit(command.apply(edit.content(), replyTo)))
                .thenCompose(Supplier::get);
    }

    private CompletionStage<Supplier<CompletionStage<ConversationReply>>> prepare(
            HookQuestion question,
            BiFunction<byte[], ActorRef<ConversationReply>, ConversationCommand> command,
            Function<ActorRef<ConversationReply>, ConversationCommand> check) {
        var conversation = new EntityId(question.tenant(), question.conversationId());
        Function<byte[], CompletionStage<Supplier<CompletionStage<ConversationReply>>>> handing = content -> attachments
                .refusal(conversation, question.type(), content)
                .thenApply(refused -> refused.isPresent()
                        ? () -> CompletableFuture.completedFuture(refused.get())
                        : () -> conversations.ask(conversation, replyTo -> command.apply(content, replyTo)));
        if (terms.isEmpty()) {
            return handing.apply(question.content());
        }
        var known = terms.get();
        return known.tenants.view(question.tenant()).thenCompose(view -> {
            var refused = view.flatMap(TenantView::quotas)
                    .flatMap(quotas -> known.quotas.take(quotas, question.tenant(), question.senderId()));
            if (refused.isPresent()) {
                return answered(refused.get());
            }
            var hook = view.flatMap(TenantView::messageHook);
            return hook.isEmpty()
                    ? handing.apply(question.content())
                    : conversations
                            .ask(conversation, check)
                            .thenCompose(reply -> reply instanceof Acceptable
                                    ? judged(known.hooks, hook.get(), question, handing)
                                    : answered(reply));
        });
    }

    private static CompletionStage<Supplier<CompletionStage<ConversationReply>>> judged(
            MessageHooks hooks,
            MessageHook hook,
            HookQuestion question,
            Function<byte[], CompletionStage<Supplier<CompletionStage<ConversationReply>>>> handing) {
        return hooks.ask(hook, question)
                .thenCompose(verdict -> verdict instanceof Verdict.Accept accept
                        ? handing.apply(accept.content())
                        : answered(refusal(verdict)));
    }

    private static Refused refusal(Verdict verdict) {
        if (verdict instanceof Verdict.Refuse refuse) {
            return new Refused(refuse.code(), refuse.detail());
        }
        throw new IllegalStateException("no such verdict");
    }

    private static CompletionStage<Supplier<CompletionStage<ConversationReply>>> answered(ConversationReply reply) {
        return CompletableFuture.completedFuture(() -> CompletableFuture.completedFuture(reply));
    }
}
