/** Simulated people: a random life in conversations by seed, runs through {@code kill -9}, and the file of their results. */
@NullMarked
package io.lanying.load.people;

import org.jspecify.annotations.NullMarked;
