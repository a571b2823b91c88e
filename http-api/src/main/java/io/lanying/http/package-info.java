/** The public HTTP interface of a node: settings, assembly and binding of all routes. */
@NullMarked
package io.lanying.http;

import org.jspecify.annotations.NullMarked;
