/** The benchmark: throughput, latency and CPU of the real server under load. */
@NullMarked
package io.lanying.load.bench;

import org.jspecify.annotations.NullMarked;
