/** Keys of subjects, outside the journal: sealing, opening and erasing personal data. */
@NullMarked
package io.lanying.persistence.sealing;

import org.jspecify.annotations.NullMarked;
