/** Calls about notifications. */
@NullMarked
package io.lanying.http.push;

import org.jspecify.annotations.NullMarked;
