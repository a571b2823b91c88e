/** Ports for audit: reading an entity's events and folding its state as of a past moment. */
@NullMarked
package io.lanying.protocol.journal;

import org.jspecify.annotations.NullMarked;
