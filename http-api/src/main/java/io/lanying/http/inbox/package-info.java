/** Devices' short connections: the inbox by polling, acknowledgements, and what else an app says of itself. */
@NullMarked
package io.lanying.http.inbox;

import org.jspecify.annotations.NullMarked;
