package io.lanying.actors;

import akka.persistence.typed.SnapshotAdapter;
import java.util.function.Function;

/**
 * An entity's state is stored as the protocol's snapshot, and only so.
 *
 * @param <T> the snapshot
 * @param <S> the state
 */
public final class Snapshots<T, S> implements SnapshotAdapter<S> {

    private final Class<T> stored;
    private final Function<S, T> toStored;
    private final Function<T, S> fromStored;

    /** Each function undoes the other. */
    public Snapshots(Class<T> stored, Function<S, T> toStored, Function<T, S> fromStored) {
        this.stored = stored;
        this.toStored = toStored;
        this.fromStored = fromStored;
    }

    @Override
    public Object toJournal(S state) {
        return toStored.apply(state);
    }

    @Override
    public S fromJournal(Object from) {
        return fromStored.apply(stored.cast(from));
    }
}
