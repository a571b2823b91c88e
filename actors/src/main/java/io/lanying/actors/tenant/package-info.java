/** The tenant: its API keys and roles, quotas and signing key, journaled, with its registry row. */
@NullMarked
package io.lanying.actors.tenant;

import org.jspecify.annotations.NullMarked;
