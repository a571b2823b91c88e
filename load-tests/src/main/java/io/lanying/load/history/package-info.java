/** What clients saw: every call, answer, frame and measurement of a run, in one order. */
@NullMarked
package io.lanying.load.history;

import org.jspecify.annotations.NullMarked;
