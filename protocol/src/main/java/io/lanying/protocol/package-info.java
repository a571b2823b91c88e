/** Everything that crosses a process, a disk or a network: ids, error codes and the serialisation markers. */
@NullMarked
package io.lanying.protocol;

import org.jspecify.annotations.NullMarked;
