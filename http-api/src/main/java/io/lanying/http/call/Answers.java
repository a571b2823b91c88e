package io.lanying.http.call;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.json.Json;

/** Answers that are not problems. */
public final class Answers {

    private Answers() {}

    public static HttpResponse json(int status, Object body) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.bytes(body)));
    }

    public static HttpResponse noContent() {
        return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
    }

    public static HttpResponse located(HttpResponse response, String location) {
        return response.addHeader(RawHeader.create("Location", location));
    }

    /** The first answer again, marked so. */
    public static HttpResponse replayed(HttpResponse response, boolean repeated) {
        return repeated ? response.addHeader(RawHeader.create("Idempotent-Replayed", "true")) : response;
    }
}
