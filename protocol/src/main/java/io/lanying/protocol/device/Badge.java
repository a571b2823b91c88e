package io.lanying.protocol.device;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * What a push does to the number on the app's icon.
 *
 * @param relative whether {@code value} is added to it; otherwise it is set
 * @param value 0 to 99,999
 */
public record Badge(boolean relative, int value) implements Persisted, Remoted {}
