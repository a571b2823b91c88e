/** Makes a journal of a real node that later builds must be able to read: a life in which every kind of entity has a part. */
@NullMarked
package io.lanying.load.corpus;

import org.jspecify.annotations.NullMarked;
