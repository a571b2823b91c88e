package io.lanying.http.session;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.protocol.ErrorCode;
import java.util.Map;

/** Refused upgrades as problem+json. */
final class Refusals {

    HttpResponse render(ErrorCode code, String detail) {
        var problem = JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:lanying:problem:" + code.wireName())
                .put("status", code.status())
                .put("code", code.wireName())
                .put("detail", detail);
        var mediaType =
                MediaTypes.customWithFixedCharset("application", "problem+json", HttpCharsets.UTF_8, Map.of(), false);
        var response = HttpResponse.create()
                .withStatus(code.status())
                .withEntity(HttpEntities.create(ContentTypes.create(mediaType), problem.toString()));
        return code.retryable() ? response.addHeader(RawHeader.create("Retry-After", "1")) : response;
    }
}
