package io.lanying.persistence.journal;

import akka.actor.typed.ActorSystem;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.journal.JournalEvent;
import scala.util.Try;

/** Turns a stored event into ours, or throws {@link IllegalStateException} that says which one cannot be. Thread-safe. */
public final class EventDecoder {

    private final Serialization serialization;

    public EventDecoder(ActorSystem<?> system) {
        this.serialization = SerializationExtension.get(system.classicSystem());
    }

    public JournalEvent decode(String persistenceId, long seq, int serializer, String manifest, byte[] payload) {
        Try<Object> decoded = serialization.deserialize(payload, serializer, manifest);
        if (decoded.isFailure()) {
            throw undecodable(persistenceId, seq, manifest, decoded.failed().get());
        }
        if (decoded.get() instanceof Persisted event) {
            return new JournalEvent(seq, event);
        }
        throw undecodable(persistenceId, seq, manifest, new ClassCastException("not one of our events"));
    }

    private static IllegalStateException undecodable(String persistenceId, long seq, String manifest, Throwable cause) {
        return new IllegalStateException(
                "event " + seq + " of " + persistenceId + " cannot be decoded as " + manifest, cause);
    }
}
