/** The sharded persistent entities, each a pure state and the actor that journals it. */
@NullMarked
package io.lanying.actors;

import org.jspecify.annotations.NullMarked;
