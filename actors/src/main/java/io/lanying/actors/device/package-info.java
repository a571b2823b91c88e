/** A device: its binding, its stream of items, the session attached to it, and what it remembers of answered commands. */
@NullMarked
package io.lanying.actors.device;

import org.jspecify.annotations.NullMarked;
