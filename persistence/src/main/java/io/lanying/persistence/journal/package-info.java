/** Reading the journal by entity and number. */
@NullMarked
package io.lanying.persistence.journal;

import org.jspecify.annotations.NullMarked;
