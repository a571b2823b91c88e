/** Who is calling: operator key, API keys and device session tokens, and what each may do. */
@NullMarked
package io.lanying.http.auth;

import org.jspecify.annotations.NullMarked;
