/** The Java agent that kills its own process at a named point; only the standard library and Byte Buddy. */
@NullMarked
package io.lanying.load.agent;

import org.jspecify.annotations.NullMarked;
