/** The conversation entity: members, messages numbered without gaps, and the telling of everybody. */
@NullMarked
package io.lanying.actors.conversation;

import org.jspecify.annotations.NullMarked;
