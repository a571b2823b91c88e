package io.lanying.http.push;

import akka.actor.typed.ActorRef;
import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.device.DerivedId;
import io.lanying.http.entity.NotificationEntities;
import io.lanying.http.entity.NotificationPartEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationCommand.Accept;
import io.lanying.protocol.notification.NotificationCommand.Cancel;
import io.lanying.protocol.notification.NotificationCommand.Get;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationReply.Accepted;
import io.lanying.protocol.notification.NotificationReply.Refused;
import io.lanying.protocol.notification.NotificationReply.View;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Notifications to more than one device, or for later: each is an entity of its own, sealed under the tenant's key. */
final class Broadcasts {

    private final Endpoints endpoints;
    private final NotificationEntities notifications;
    private final FateCounts fates;
    private final Sealing sealing;
    private final Clock clock;

    Broadcasts(
            Endpoints endpoints,
            NotificationEntities notifications,
            NotificationPartEntities companions,
            Sealing sealing,
            Clock clock) {
        this.endpoints = endpoints;
        this.notifications = notifications;
        this.fates = new FateCounts(companions);
        this.sealing = sealing;
        this.clock = clock;
    }

    CompletionStage<HttpResponse> send(Call call, String key, NotificationRequest request) {
        String id = DerivedId.ofMany("n", call.tenant(), key);
        byte[] body = PushBody.bytes(request.message());
        byte[] canonical = PushBody.canonical(request);
        var blocks = PushBody.vendorBlocks(request.message());
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(call.tenant(), Subject.TENANT))
                .thenCompose(sealer -> ask(
                        call,
                        id,
                        replyTo -> new Accept(
                                request.audience(),
                                sealer.seal(id, "body", body),
                                blocks.map(block -> sealer.seal(id, "vendors", block)),
                                sealer.fingerprint(canonical),
                                body.length + blocks.map(block -> block.length).orElse(0),
                                request.delivery().ttlSeconds(),
                                request.message().priority(),
                                request.message().collapseKey(),
                                request.options().unlessDefault(),
                                request.delivery().sendAt(),
                                replyTo)))
                .thenCompose(reply -> answer(
                        call, reply, Accepted.class, accepted -> NotificationRoutes.accepted(id, accepted.repeated())));
    }

    CompletionStage<HttpResponse> show(Call call, String id) {
        return ask(call, id, Get::new).thenCompose(reply -> shown(call, id, reply));
    }

    CompletionStage<HttpResponse> cancel(Call call, String id) {
        return ask(call, id, Cancel::new).thenCompose(reply -> shown(call, id, reply));
    }

    /** Goes on if there is such a notification. */
    CompletionStage<HttpResponse> ifKnown(Call call, String id, Function<View, CompletionStage<HttpResponse>> goOn) {
        return ask(call, id, Get::new)
                .thenCompose(reply -> reply instanceof View view
                        ? goOn.apply(view)
                        : answer(call, reply, View.class, view -> HttpResponse.create()));
    }

    private CompletionStage<HttpResponse> shown(Call call, String id, NotificationReply reply) {
        if (!(reply instanceof View view)) {
            return answer(call, reply, View.class, any -> HttpResponse.create());
        }
        return fates.of(new EntityId(call.tenant(), id), view.parts())
                .thenApply(counts -> Answers.json(200, NotificationJson.of(id, view, counts, clock.instant())));
    }

    private CompletionStage<NotificationReply> ask(
            Call call, String id, Function<ActorRef<NotificationReply>, NotificationCommand> command) {
        return notifications.ask(new EntityId(call.tenant(), id), command);
    }

    private <R extends NotificationReply> CompletionStage<HttpResponse> answer(
            Call call, NotificationReply reply, Class<R> hopedFor, Function<R, HttpResponse> answer) {
        if (hopedFor.isInstance(reply)) {
            return CompletableFuture.completedFuture(answer.apply(hopedFor.cast(reply)));
        }
        if (!(reply instanceof Refused refused)) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "a notification answered with " + reply.getClass().getSimpleName()));
        }
        return endpoints.refuse(
                call,
                refused.code() == ErrorCode.NOT_FOUND
                        ? Problem.notFound()
                        : Problem.of(refused.code(), refused.detail()));
    }
}
