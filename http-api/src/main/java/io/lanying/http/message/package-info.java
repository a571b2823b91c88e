/** Messages that apps send themselves, on their socket or by a request. */
@NullMarked
package io.lanying.http.message;

import org.jspecify.annotations.NullMarked;
