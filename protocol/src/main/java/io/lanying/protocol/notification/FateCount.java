package io.lanying.protocol.notification;

import io.lanying.protocol.Remoted;
import io.lanying.protocol.device.Fate;
import java.util.Optional;

/** How many devices have this fate by this channel. */
public record FateCount(Fate fate, Optional<String> channel, int devices) implements Remoted {}
