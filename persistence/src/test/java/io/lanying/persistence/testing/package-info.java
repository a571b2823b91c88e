/** A real PostgreSQL server and configurations for the tests of every module; no test framework needed. */
package io.lanying.persistence.testing;
