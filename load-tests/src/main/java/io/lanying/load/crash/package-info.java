/** Runs that kill the server at a named point, restart it and check the history. */
@NullMarked
package io.lanying.load.crash;

import org.jspecify.annotations.NullMarked;
