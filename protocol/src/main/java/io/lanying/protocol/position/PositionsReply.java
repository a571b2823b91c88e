package io.lanying.protocol.position;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import java.util.List;

/** What a conversation's companion answers. */
public sealed interface PositionsReply extends Remoted {

    record PositionsAre(List<Position> positions) implements PositionsReply {

        public PositionsAre {
            positions = positions == null ? List.of() : List.copyOf(positions);
        }
    }

    /** Refused; nothing changed. */
    record Refused(ErrorCode code, String detail) implements PositionsReply {}
}
