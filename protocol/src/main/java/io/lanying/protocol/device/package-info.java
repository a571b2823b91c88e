/** The device entity's commands, events, replies and snapshot: its binding, its stream of items and their fates. */
@NullMarked
package io.lanying.protocol.device;

import org.jspecify.annotations.NullMarked;
