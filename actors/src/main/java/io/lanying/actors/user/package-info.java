/** The user entity: a person's settings, and the devices that are told of them. */
@NullMarked
package io.lanying.actors.user;

import org.jspecify.annotations.NullMarked;
