/** What every vendor's adapter is: one client with one credential, one request, one answer. */
@NullMarked
package io.lanying.channels.adapter;

import org.jspecify.annotations.NullMarked;
