/** The tenant entity's commands, events, replies and snapshot: API keys and signing keys. */
@NullMarked
package io.lanying.protocol.tenant;

import org.jspecify.annotations.NullMarked;
