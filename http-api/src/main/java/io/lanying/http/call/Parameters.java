package io.lanying.http.call;

import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.IllegalUriException;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.TextRule;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The query of a request. A parameter nobody knows, or one given twice, is refused: a misspelt {@code validateOnly} must
 * not send. Not thread-safe.
 */
public final class Parameters {

    private final Map<String, String> values = new HashMap<>();
    private final FieldErrors errors = new FieldErrors();

    private Parameters() {}

    public static Parameters of(HttpRequest request, Set<String> known) {
        var parameters = new Parameters();
        if (request.getUri().rawQueryString().isEmpty()) {
            return parameters;
        }
        try {
            for (var pair : request.getUri().query().toList()) {
                if (!known.contains(pair.first())) {
                    parameters.error(pair.first(), "unknown", "is not a parameter of this call");
                } else if (parameters.values.putIfAbsent(pair.first(), pair.second()) != null) {
                    parameters.error(pair.first(), "duplicate", "is given twice");
                }
            }
        } catch (IllegalUriException e) {
            parameters.errors.add("", "format", "the query cannot be read");
        }
        return parameters;
    }

    public boolean flag(String name) {
        String value = values.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            error(name, "format", "must be true or false");
        }
        return value.equals("true");
    }

    public OptionalLong number(String name, long min, long max) {
        String value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            error(name, "type", "must be a whole number");
            return OptionalLong.empty();
        }
        error(name, "range", "must be from " + min + " to " + max);
        return OptionalLong.empty();
    }

    public Optional<String> text(String name, TextRule rule) {
        String value = values.get(name);
        if (value != null && !rule.test().test(value)) {
            error(name, "format", "must be " + rule.description());
            return Optional.empty();
        }
        return Optional.ofNullable(value);
    }

    public Optional<Instant> time(String name) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(value));
        } catch (DateTimeParseException e) {
            error(name, "format", "must be a time in UTC such as 2026-11-20T08:30:00.000Z");
            return Optional.empty();
        }
    }

    public void error(String name, String code, String detail) {
        errors.add("?" + name, code, detail);
    }

    /** The value if no parameter was wrong. */
    public <T> Checked<T> orElse(Supplier<T> value) {
        return errors.orElse(value);
    }
}
