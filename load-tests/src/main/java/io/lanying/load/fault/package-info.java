/** A proxy that breaks promises on purpose, so that the checker is seen to notice. */
@NullMarked
package io.lanying.load.fault;

import org.jspecify.annotations.NullMarked;
