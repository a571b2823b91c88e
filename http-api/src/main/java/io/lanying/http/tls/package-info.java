/** TLS from PEM files that may change while running. */
@NullMarked
package io.lanying.http.tls;

import org.jspecify.annotations.NullMarked;
