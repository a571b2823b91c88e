/** Token owners: one device for each vendor token, the newest claim wins. */
@NullMarked
package io.lanying.actors.token;

import org.jspecify.annotations.NullMarked;
