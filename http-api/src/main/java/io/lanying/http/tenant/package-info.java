/** Calls about tenants and their API keys. */
@NullMarked
package io.lanying.http.tenant;

import org.jspecify.annotations.NullMarked;
