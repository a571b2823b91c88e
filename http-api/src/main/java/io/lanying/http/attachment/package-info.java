/** Attachments of conversations: uploads in chunks, downloads, and what a message may refer to. */
@NullMarked
package io.lanying.http.attachment;

import org.jspecify.annotations.NullMarked;
