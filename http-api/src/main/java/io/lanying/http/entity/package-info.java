/** Asking entities: through sharding, with a bound on what is unanswered. */
@NullMarked
package io.lanying.http.entity;

import org.jspecify.annotations.NullMarked;
