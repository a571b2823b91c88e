/** Ports for the registry: rows that answer who owns which device, kept outside the journal. */
@NullMarked
package io.lanying.protocol.registry;

import org.jspecify.annotations.NullMarked;
