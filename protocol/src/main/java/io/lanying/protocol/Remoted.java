package io.lanying.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Marks what may travel between nodes, as Jackson CBOR; never written to disk. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public interface Remoted {}
