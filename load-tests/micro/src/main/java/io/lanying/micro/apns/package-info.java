/** Pushes to Apple through our channel and through Pushy alone, as programs that the benchmark starts. */
@NullMarked
package io.lanying.micro.apns;

import org.jspecify.annotations.NullMarked;
