/** The token owner's commands, events, replies and snapshot: which device a vendor token belongs to. */
@NullMarked
package io.lanying.protocol.token;

import org.jspecify.annotations.NullMarked;
