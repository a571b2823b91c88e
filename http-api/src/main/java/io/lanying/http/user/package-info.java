/** {@code /v1/users}: what a tenant's service says of a person, and a person's erasure. */
@NullMarked
package io.lanying.http.user;

import org.jspecify.annotations.NullMarked;
