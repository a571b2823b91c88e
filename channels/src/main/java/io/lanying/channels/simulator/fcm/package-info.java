/** A stand-in for FCM and for Google's token endpoint: strict about requests, scripted in its answers, records what it gets. */
@NullMarked
package io.lanying.channels.simulator.fcm;

import org.jspecify.annotations.NullMarked;
