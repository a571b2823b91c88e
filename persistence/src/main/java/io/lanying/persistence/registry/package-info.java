/** The registry of devices and tenants: rows written by entities, read in pages. */
@NullMarked
package io.lanying.persistence.registry;

import org.jspecify.annotations.NullMarked;
