package io.lanying.load.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;

/** An answer of the API, whatever its status. */
public record Answer(int status, HttpHeaders headers, String text) {

    static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The body as JSON.
     *
     * @throws IllegalStateException if it is not
     */
    public JsonNode json() {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON, status " + status + ": " + text, e);
        }
    }

    public boolean ok() {
        return status / 100 == 2;
    }

    /** This answer, if it is a success; for the steps that prepare a run. */
    public Answer orThrow() {
        if (!ok()) {
            throw new IllegalStateException("status " + status + ": " + text);
        }
        return this;
    }

    /** The stable code of a refusal, empty if there is none. */
    public String code() {
        try {
            return JSON.readTree(text).path("code").asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
