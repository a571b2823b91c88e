/** One node of Lanying Push: its settings, its wiring, its start and its end. */
@NullMarked
package io.lanying.node;

import org.jspecify.annotations.NullMarked;
