-- Events that were moved from the journal into shared storage; docs/operations.md has the format. Times are milliseconds since 1970.

-- One row for each object. It is there before the object is; "writing" and "abandoned" ones hold nothing that is not in the journal.
CREATE TABLE journal_segment (
  segment_id VARCHAR(40) PRIMARY KEY,
  object VARCHAR(200) NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_at_ms BIGINT NOT NULL,
  bytes BIGINT,
  events BIGINT,
  sha256 VARCHAR(64)
);

CREATE INDEX journal_segment_state ON journal_segment (state);

-- A run of an entity's events, which is a part of an object. Made in the transaction that deletes the rows of these events.
CREATE TABLE journal_archive (
  persistence_id VARCHAR(255) NOT NULL,
  to_seq BIGINT NOT NULL,
  from_seq BIGINT NOT NULL,
  segment_id VARCHAR(40) NOT NULL REFERENCES journal_segment (segment_id),
  byte_offset BIGINT NOT NULL,
  byte_length INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  PRIMARY KEY (persistence_id, to_seq)
);
