/** Faults of a cluster of three nodes and its database, how long they are felt, and the file of the results. */
@NullMarked
package io.lanying.load.cluster;

import org.jspecify.annotations.NullMarked;
