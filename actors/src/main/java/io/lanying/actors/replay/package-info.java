/** State as it was: the fold of an entity's first events, read from the journal without waking the entity. */
@NullMarked
package io.lanying.actors.replay;

import org.jspecify.annotations.NullMarked;
