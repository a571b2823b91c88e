-- Times are milliseconds since 1970.

-- One row for each device, also after its deletion, so that a late older write cannot bring it back.
CREATE TABLE device_registry (
  tenant VARCHAR(64) NOT NULL,
  device_id VARCHAR(64) NOT NULL,
  user_id VARCHAR,
  platform VARCHAR NOT NULL,
  alias VARCHAR,
  tags VARCHAR ARRAY NOT NULL,
  locale VARCHAR,
  timezone VARCHAR,
  app_version VARCHAR,
  registered_at_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL,
  PRIMARY KEY (tenant, device_id)
);

CREATE INDEX device_registry_user ON device_registry (tenant, user_id, device_id);
CREATE INDEX device_registry_alias ON device_registry (tenant, alias, device_id);

-- The tags of devices that are not deleted, for pages by tag.
CREATE TABLE device_tag (
  tenant VARCHAR(64) NOT NULL,
  tag VARCHAR NOT NULL,
  device_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (tenant, tag, device_id)
);

CREATE INDEX device_tag_device ON device_tag (tenant, device_id);

CREATE TABLE tenant_registry (
  tenant VARCHAR(64) PRIMARY KEY,
  name VARCHAR NOT NULL,
  created_at_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL
);

-- At most one row for each entity, while it has open work.
CREATE TABLE reminder (
  persistence_id VARCHAR(255) PRIMARY KEY,
  due_ms BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX reminder_due ON reminder (due_ms, persistence_id);

-- Keys of subjects, wrapped by the master key. Deleting a row makes all that was sealed with it unreadable for ever.
CREATE TABLE subject_keys (
  tenant VARCHAR(64) NOT NULL,
  subject VARCHAR(80) NOT NULL,
  aead_keyset VARBINARY(4096) NOT NULL,
  mac_keyset VARBINARY(4096) NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant, subject)
);

CREATE TABLE node_secrets (
  name VARCHAR(64) PRIMARY KEY,
  secret VARCHAR NOT NULL
);

-- One row that the health check rewrites.
CREATE TABLE write_probe (
  id SMALLINT PRIMARY KEY,
  probed_at_ms BIGINT NOT NULL
);

INSERT INTO write_probe (id, probed_at_ms) VALUES (1, 0);
