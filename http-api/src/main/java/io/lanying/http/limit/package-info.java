/** Token buckets, bounded in number. */
@NullMarked
package io.lanying.http.limit;

import org.jspecify.annotations.NullMarked;
