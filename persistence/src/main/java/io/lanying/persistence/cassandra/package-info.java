/** Cassandra as the journal: its session, its tables, what keeps two writers apart, and what is read of it. */
@NullMarked
package io.lanying.persistence.cassandra;

import org.jspecify.annotations.NullMarked;
