/** Journals and past states for auditors. */
@NullMarked
package io.lanying.http.journal;

import org.jspecify.annotations.NullMarked;
