/** The notification entity's commands, events, replies and snapshot: one push command to more than one device. */
@NullMarked
package io.lanying.protocol.notification;

import org.jspecify.annotations.NullMarked;
