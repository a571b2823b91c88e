-- Who may run which shard, where LANYING_SHARD_LEASE is on; empty otherwise. All times are this database's own clock.

-- One row for each node that holds leases: its term. A term is alive as long as its row is here; whoever wants something of a
-- term that has expired removes the row first. Terms are numbered and never come back. Rewritten every few seconds: vacuum early.
CREATE TABLE node_lease (
  term BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node TEXT NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- The term that took a lease last. The lease is held if that term is alive, free if not.
CREATE TABLE shard_lease (
  name VARCHAR(255) COLLATE "C" PRIMARY KEY,
  term BIGINT NOT NULL
) WITH (fillfactor = 70);
