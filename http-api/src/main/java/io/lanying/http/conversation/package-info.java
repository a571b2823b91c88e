/** {@code /v1/conversations}: conversations, their members and messages, as a tenant's service sees them. */
@NullMarked
package io.lanying.http.conversation;

import org.jspecify.annotations.NullMarked;
