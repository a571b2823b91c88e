/** The port to the push vendors: one request, one outcome; and the credentials that channels run with. */
@NullMarked
package io.lanying.protocol.channel;

import org.jspecify.annotations.NullMarked;
