/** Calls that this node makes to addresses that tenants named. */
@NullMarked
package io.lanying.http.outbound;

import org.jspecify.annotations.NullMarked;
