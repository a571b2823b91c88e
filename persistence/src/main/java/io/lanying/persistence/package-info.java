/** Everything durable of one node: started by {@link io.lanying.persistence.Persistence}. */
@NullMarked
package io.lanying.persistence;

import org.jspecify.annotations.NullMarked;
