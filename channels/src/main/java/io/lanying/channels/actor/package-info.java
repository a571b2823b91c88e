/** The channel actors: what stands between an entity's request and a vendor's answer, so that each request has one outcome. */
@NullMarked
package io.lanying.channels.actor;

import org.jspecify.annotations.NullMarked;
