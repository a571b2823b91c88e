/** The tenant's endpoint that is asked before a message is accepted. */
@NullMarked
package io.lanying.http.hook;

import org.jspecify.annotations.NullMarked;
