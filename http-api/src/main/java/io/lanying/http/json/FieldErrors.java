package io.lanying.http.json;

import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong with a request, at most {@link #MAX} of it. Not thread-safe. */
public final class FieldErrors {

    static final int MAX = 20;

    private final List<FieldError> errors = new ArrayList<>();

    public void add(String pointer, String code, String detail) {
        if (errors.size() < MAX) {
            errors.add(new FieldError(pointer, code, detail));
        }
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /** The value if nothing was wrong; it is only made then. */
    public <T> Checked<T> orElse(Supplier<T> value) {
        return errors.isEmpty()
                ? Checked.ok(value.get())
                : Checked.refused(Problem.fields(ErrorCode.INVALID_REQUEST, errors));
    }
}
