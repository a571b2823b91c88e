/** Tests of the adapter for Apple's push service, over real TLS and HTTP/2. */
package io.lanying.channels.apns;
