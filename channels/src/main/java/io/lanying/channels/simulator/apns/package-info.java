/** A scripted stand-in for Apple's push service: HTTP/2 over TLS, written from Apple's rules and not from our adapter. */
@NullMarked
package io.lanying.channels.simulator.apns;

import org.jspecify.annotations.NullMarked;
