package io.lanying.persistence.reminder;

import io.lanying.protocol.EntityId;

/** Where the clock sends wakes of one kind of entity. Must not block; losing one is harmless, it is repeated. */
@FunctionalInterface
public interface ReminderTarget {

    void wake(EntityId id, long reminderVersion);
}
