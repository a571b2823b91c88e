/** What travels on a device's socket: frames, their two encodings and the close codes. */
@NullMarked
package io.lanying.protocol.wire;

import org.jspecify.annotations.NullMarked;
