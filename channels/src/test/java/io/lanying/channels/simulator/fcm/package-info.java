/** Tests of the stand-in for FCM, over plain HTTP. */
package io.lanying.channels.simulator.fcm;
