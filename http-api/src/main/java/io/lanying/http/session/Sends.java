package io.lanying.http.session;

import akka.actor.typed.javadsl.ActorContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.message.Draft;
import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.ClientFrame.Send;
import io.lanying.protocol.wire.ServerFrame.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an app sends on its socket: each {@code send} has one {@code reply}. At most {@link #MAX_UNDER_WAY} are unanswered, more are
 * refused. Not thread-safe: belongs to its session.
 */
final class Sends {

    static final int MAX_UNDER_WAY = 16;

    private final ActorContext<SessionMessage> context;
    private final DevicePrincipal principal;
    private final OwnMessages messages;
    private int underWay;

    /** Completes when the newest message has been handed to its conversation, or cannot be. */
    private CompletionStage<?> last = CompletableFuture.completedFuture(Optional.empty());

    Sends(ActorContext<SessionMessage> context, DevicePrincipal principal, OwnMessages messages) {
        this.context = context;
        this.principal = principal;
        this.messages = messages;
    }

    /**
     * The reply, if there is one at once; the others come as {@link SocketEvent.SendEnded}.
     *
     * @param attached whether the device has taken this session for its owner's
     */
    Optional<Reply> send(Send send, boolean attached) {
        if (!attached) {
            return Optional.of(refused(send.ref(), ErrorCode.UNAVAILABLE));
        }
        if (principal.userId().isEmpty()) {
            return Optional.of(refused(send.ref(), ErrorCode.NOT_PERMITTED));
        }
        if (underWay >= MAX_UNDER_WAY) {
            return Optional.of(refused(send.ref(), ErrorCode.TOO_MANY_REQUESTS));
        }
        return Draft.read(document(send))
                .fold(
                        draft -> {
                            post(send.ref(), draft);
                            return Optional.<Reply>empty();
                        },
                        problem -> Optional.of(refused(send.ref(), problem.code())));
    }

    private void post(long ref, Draft draft) {
        underWay++;
        // Whatever takes its time before a message may be posted begins at once, and what was sent first is posted
        // first.
        var prepared = messages.prepare(principal.tenant(), principal.userId().orElseThrow(), draft);
        var posted = last.handle((any, failure) -> prepared)
                .thenCompose(Function.identity())
                .thenApply(Supplier::get);
        last = posted;
        context.pipeToSelf(
                posted.thenCompose(Function.identity()),
                (reply, failure) -> new SocketEvent.SendEnded(reply(ref, draft, reply)));
    }

    /** One of them has ended. */
    Reply ended(SocketEvent.SendEnded ended) {
        underWay--;
        return ended.reply();
    }

    private static Reply reply(long ref, Draft draft, @Nullable ConversationReply answer) {
        if (answer instanceof Posted posted) {
            String id = MessageRef.messageId(draft.conversationId(), posted.messageSeq());
            return new Reply(ref, true, id, posted.messageSeq(), null);
        }
        return refused(ref, answer instanceof Refused refused ? refused.code() : ErrorCode.UNAVAILABLE);
    }

    private static Reply refused(long ref, ErrorCode code) {
        return new Reply(ref, false, null, null, code.wireName());
    }

    private static JsonNode document(Send send) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("conversationId", send.conversationId());
        document.put("clientMessageId", send.clientMessageId());
        document.put("type", send.type());
        document.set("content", send.content());
        if (send.mentions() != null) {
            document.set("mentions", send.mentions());
        }
        if (send.replyTo() != null) {
            document.put("replyTo", send.replyTo());
        }
        return document;
    }
}
