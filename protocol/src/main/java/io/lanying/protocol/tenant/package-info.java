/** The tenant entity's commands, events, replies and snapshot: keys, roles, quotas, credentials of channels, the message hook. */
@NullMarked
package io.lanying.protocol.tenant;

import org.jspecify.annotations.NullMarked;
