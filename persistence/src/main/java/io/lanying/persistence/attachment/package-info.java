/** Attachments of conversations: what is known of them in the database, contents in a store of objects. */
@NullMarked
package io.lanying.persistence.attachment;

import org.jspecify.annotations.NullMarked;
