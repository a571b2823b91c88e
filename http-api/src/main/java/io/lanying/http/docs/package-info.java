/** The contract's documents and a page to read them. */
@NullMarked
package io.lanying.http.docs;

import org.jspecify.annotations.NullMarked;
