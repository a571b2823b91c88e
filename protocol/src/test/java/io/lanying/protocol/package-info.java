/** Tests of what crosses a process, a disk or a network. */
@NullMarked
package io.lanying.protocol;

import org.jspecify.annotations.NullMarked;
