/** The verdict on a history: which promises it breaks. */
@NullMarked
package io.lanying.load.check;

import org.jspecify.annotations.NullMarked;
