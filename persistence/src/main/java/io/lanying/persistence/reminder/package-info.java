/** Reminders: one row for each entity with open work, and the clock that wakes it when the row is due. */
@NullMarked
package io.lanying.persistence.reminder;

import org.jspecify.annotations.NullMarked;
