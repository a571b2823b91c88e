/** Calls about devices, their session tokens and redeliveries. */
@NullMarked
package io.lanying.http.device;

import org.jspecify.annotations.NullMarked;
