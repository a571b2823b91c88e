package io.lanying.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Marks what is written to the journal or the snapshot store, as Jackson CBOR.
 *
 * <p>The class name is the schema name: a persisted class is never renamed or moved, and a component is only ever added
 * as an {@code Optional} or a list that may be empty. Golden files hold every class to this.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public interface Persisted {}
