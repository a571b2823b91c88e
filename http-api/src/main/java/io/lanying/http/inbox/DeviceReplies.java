package io.lanying.http.inbox;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers made from what a device says to its app. */
final class DeviceReplies {

    private DeviceReplies() {}

    /** The answer to the reply that was hoped for, or the device's refusal as a problem. */
    static <R extends DeviceReply> CompletionStage<HttpResponse> of(
            DeviceEndpoints endpoints,
            DeviceCall call,
            DeviceReply reply,
            Class<R> hopedFor,
            Function<R, CompletionStage<HttpResponse>> answer) {
        if (hopedFor.isInstance(reply)) {
            return answer.apply(hopedFor.cast(reply));
        }
        if (reply instanceof Refused refused) {
            return endpoints.refuse(
                    call,
                    refused.code() == ErrorCode.NOT_FOUND
                            ? Problem.notFound()
                            : Problem.of(refused.code(), refused.detail()));
        }
        return CompletableFuture.failedFuture(new IllegalStateException(
                "a device answered with " + reply.getClass().getSimpleName()));
    }

    static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
