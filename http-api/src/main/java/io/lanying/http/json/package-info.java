/** Strict reading of callers' JSON and writing of answers. */
@NullMarked
package io.lanying.http.json;

import org.jspecify.annotations.NullMarked;
