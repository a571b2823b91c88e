/** Positions: up to where each member of a conversation has a message and has read, kept in companions of the conversation. */
@NullMarked
package io.lanying.protocol.position;

import org.jspecify.annotations.NullMarked;
