/** Firebase Cloud Messaging: one Firebase client for each service account, one HTTP v1 request for each message. */
@NullMarked
package io.lanying.channels.fcm;

import org.jspecify.annotations.NullMarked;
