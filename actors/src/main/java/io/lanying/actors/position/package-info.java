/** The companions of conversations that keep the positions of members. */
@NullMarked
package io.lanying.actors.position;

import org.jspecify.annotations.NullMarked;
