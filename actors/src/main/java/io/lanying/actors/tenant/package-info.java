/** The tenant: its API keys and roles, quotas, signing key and the channels' credentials, journaled, with its registry row. */
@NullMarked
package io.lanying.actors.tenant;

import org.jspecify.annotations.NullMarked;
