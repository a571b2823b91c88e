/** A run: the real server, tenants, devices and senders with a seed, and everything recorded for the checker. */
@NullMarked
package io.lanying.load.rig;

import org.jspecify.annotations.NullMarked;
