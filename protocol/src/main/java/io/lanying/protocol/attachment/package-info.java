/** Attachments of conversations: what is known of them, and the ports to where they are kept. */
@NullMarked
package io.lanying.protocol.attachment;

import org.jspecify.annotations.NullMarked;
