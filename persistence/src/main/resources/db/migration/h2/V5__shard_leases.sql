-- Stays empty: one node needs no leases. Here so that all databases have one schema.
CREATE TABLE node_lease (
  term BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node VARCHAR NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE shard_lease (
  name VARCHAR(255) PRIMARY KEY,
  term BIGINT NOT NULL
);
