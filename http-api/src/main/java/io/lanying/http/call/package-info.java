/** What every request goes through: request id, body limits, access, rate, answers, measurements. */
@NullMarked
package io.lanying.http.call;

import org.jspecify.annotations.NullMarked;
