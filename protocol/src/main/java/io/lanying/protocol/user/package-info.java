/** The user entity's commands, events, replies and snapshot: a person's settings and devices. */
@NullMarked
package io.lanying.protocol.user;

import org.jspecify.annotations.NullMarked;
