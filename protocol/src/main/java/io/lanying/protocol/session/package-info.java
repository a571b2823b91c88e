/** What a device entity says to the session (socket or short connection) that is attached to it. */
@NullMarked
package io.lanying.protocol.session;

import org.jspecify.annotations.NullMarked;
