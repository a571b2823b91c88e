package io.lanying.micro.floor;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.japi.function.Function;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletionStage;

/** Akka HTTP with its own settings, that reads each request's body, answers 202 and does nothing else. */
public final class BareHttpServer {

    private static final int BODY_MILLIS = 5_000;

    /** As long as the real answer. */
    private static final HttpResponse ACCEPTED = HttpResponse.create()
            .withStatus(StatusCodes.ACCEPTED)
            .withEntity(ContentTypes.APPLICATION_JSON, "{\"notificationId\":\"" + "n".repeat(32) + "\"}");

    private BareHttpServer() {}

    /**
     * Serves until it is ended, and says {@code listening} when it does.
     *
     * @param arguments the port
     */
    public static void main(String[] arguments) {
        var config =
                ConfigFactory.parseString("akka.loglevel = WARNING").withFallback(ConfigFactory.defaultReference());
        var system = ActorSystem.create(Behaviors.empty(), "bare", config);
        Function<HttpRequest, CompletionStage<HttpResponse>> taken =
                request -> request.entity().toStrict(BODY_MILLIS, system).thenApply(body -> ACCEPTED);
        var unused = Http.get(system)
                .newServerAt("127.0.0.1", Integer.parseInt(arguments[0]))
                .bind(taken)
                .whenComplete((binding, failure) -> {
                    if (binding != null) {
                        System.out.println("listening");
                    } else {
                        System.err.println("cannot listen: " + failure);
                        system.terminate();
                    }
                });
    }
}
