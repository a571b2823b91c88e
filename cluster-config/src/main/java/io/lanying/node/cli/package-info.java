/** The commands of {@code bin/lanying}; all but {@code node} use the public API only. */
@NullMarked
package io.lanying.node.cli;

import org.jspecify.annotations.NullMarked;
