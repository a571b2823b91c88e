/** Which addresses that tenants or devices name this node may connect to. */
@NullMarked
package io.lanying.protocol.address;

import org.jspecify.annotations.NullMarked;
