/** Positions of reading in calls and answers: of services, and of apps. */
@NullMarked
package io.lanying.http.position;

import org.jspecify.annotations.NullMarked;
