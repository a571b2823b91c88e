/** Tests of the simulator of Apple's push service, without the adapter. */
package io.lanying.channels.simulator.apns;
