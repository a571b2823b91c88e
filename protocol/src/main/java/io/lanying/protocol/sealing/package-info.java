/** Personal data at rest: the sealed envelope and the port that makes and opens it. */
@NullMarked
package io.lanying.protocol.sealing;

import org.jspecify.annotations.NullMarked;
