/** Conversations: messages of people, stored once, numbered without gaps; what devices hold of them are references. */
@NullMarked
package io.lanying.protocol.conversation;

import org.jspecify.annotations.NullMarked;
