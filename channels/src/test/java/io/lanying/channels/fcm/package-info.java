/** Tests of the adapter for FCM, over real HTTP. */
package io.lanying.channels.fcm;
