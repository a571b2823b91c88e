@org.jspecify.annotations.NullMarked
package io.lanying.protocol.address;
