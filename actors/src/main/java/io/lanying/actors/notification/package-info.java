/** The notification entity: takes a push command to many devices and works through its audience, page by page. */
@NullMarked
package io.lanying.actors.notification;

import org.jspecify.annotations.NullMarked;
