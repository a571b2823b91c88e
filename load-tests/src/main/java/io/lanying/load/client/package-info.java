/** A service and a device as the public contract knows them, and the server as a process. */
@NullMarked
package io.lanying.load.client;

import org.jspecify.annotations.NullMarked;
