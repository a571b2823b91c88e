/** The story of one notification on one device, told from the journal alone. */
@NullMarked
package io.lanying.http.why;

import org.jspecify.annotations.NullMarked;
