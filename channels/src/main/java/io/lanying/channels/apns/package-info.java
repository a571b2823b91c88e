/** Apple's push service: one adapter for each credential, over Pushy, whose types never leave this package. */
@NullMarked
package io.lanying.channels.apns;

import org.jspecify.annotations.NullMarked;
