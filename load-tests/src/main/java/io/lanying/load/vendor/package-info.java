/** Runs in which push vendors fail by script, what came of them, and the file of their results. */
@NullMarked
package io.lanying.load.vendor;

import org.jspecify.annotations.NullMarked;
