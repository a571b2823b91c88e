/** Calls about the tenant's credentials for the push vendors. */
@NullMarked
package io.lanying.http.channel;

import org.jspecify.annotations.NullMarked;
