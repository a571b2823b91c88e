/** The one shape in which every failure is told: problem+json. */
@NullMarked
package io.lanying.http.error;

import org.jspecify.annotations.NullMarked;
