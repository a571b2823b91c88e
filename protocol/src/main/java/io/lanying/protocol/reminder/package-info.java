/** Ports for reminders: one row an entity with open work, so that it is woken though its node died. */
@NullMarked
package io.lanying.protocol.reminder;

import org.jspecify.annotations.NullMarked;
