package io.lanying.http.json;

import io.lanying.http.error.Problem;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value that passed its checks, or the problem it has. Never both, never neither. */
public final class Checked<T> {

    private final @Nullable T value;
    private final @Nullable Problem problem;

    private Checked(@Nullable T value, @Nullable Problem problem) {
        this.value = value;
        this.problem = problem;
    }

    public static <T> Checked<T> ok(T value) {
        return new Checked<>(value, null);
    }

    public static <T> Checked<T> refused(Problem problem) {
        return new Checked<>(null, problem);
    }

    /** The result of the one function that applies. */
    public <R> R fold(Function<? super T, ? extends R> ok, Function<? super Problem, ? extends R> refused) {
        if (problem != null) {
            return refused.apply(problem);
        }
        if (value == null) {
            throw new IllegalStateException("neither value nor problem");
        }
        return ok.apply(value);
    }

    /** The next check, on the value, if this one passed. */
    public <R> Checked<R> then(Function<? super T, Checked<R>> next) {
        return fold(next, Checked::refused);
    }
}
