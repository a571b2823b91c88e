/** Old events in shared storage: moved there from the journal, and read as if they were still in it. */
@NullMarked
package io.lanying.persistence.archive;

import org.jspecify.annotations.NullMarked;
