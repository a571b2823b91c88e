/** Leases of shards on PostgreSQL: at most one node runs a shard, whatever the cluster believes. */
@NullMarked
package io.lanying.persistence.lease;

import org.jspecify.annotations.NullMarked;
