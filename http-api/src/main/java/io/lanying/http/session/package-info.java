/** A device's long connection: the WebSocket, its limits, and the session that hands a device's items to it. */
@NullMarked
package io.lanying.http.session;

import org.jspecify.annotations.NullMarked;
