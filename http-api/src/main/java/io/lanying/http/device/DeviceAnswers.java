package io.lanying.http.device;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers made from what devices say. */
public final class DeviceAnswers {

    private DeviceAnswers() {}

    /** The answer to the reply that was hoped for, or the device's refusal as a problem. */
    public static <R extends DeviceReply> CompletionStage<HttpResponse> of(
            Endpoints endpoints, Call call, DeviceReply reply, Class<R> hopedFor, Function<R, HttpResponse> answer) {
        if (hopedFor.isInstance(reply)) {
            return CompletableFuture.completedFuture(answer.apply(hopedFor.cast(reply)));
        }
        if (!(reply instanceof Refused refused)) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "a device answered with " + reply.getClass().getSimpleName()));
        }
        return endpoints.refuse(call, problemOf(refused));
    }

    /** A device's refusal as a problem. */
    public static Problem problemOf(Refused refused) {
        return refused.code() == ErrorCode.NOT_FOUND
                ? Problem.notFound()
                : Problem.of(refused.code(), refused.detail()).asRepeated(refused.repeated());
    }
}
