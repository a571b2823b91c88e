/** What others do without us, as programs that the benchmark starts. */
@NullMarked
package io.lanying.micro.floor;

import org.jspecify.annotations.NullMarked;
