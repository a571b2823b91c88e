/** Push vendors: one adapter each, the channel actors around them, and scripted simulators. */
@NullMarked
package io.lanying.channels;

import org.jspecify.annotations.NullMarked;
