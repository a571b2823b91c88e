/** The one database of a node: its pool, its schema and the threads our own statements run on. */
@NullMarked
package io.lanying.persistence.database;

import org.jspecify.annotations.NullMarked;
