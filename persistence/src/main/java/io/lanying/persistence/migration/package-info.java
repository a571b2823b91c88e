/** Moving a journal from one store to another: rows as they are stored, the fence that keeps nodes away, and the comparison. */
@NullMarked
package io.lanying.persistence.migration;

import org.jspecify.annotations.NullMarked;
