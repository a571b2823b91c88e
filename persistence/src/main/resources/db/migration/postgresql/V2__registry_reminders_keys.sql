-- Times are milliseconds since 1970. Ids compare by byte (COLLATE "C"), so that pages have one order everywhere.

-- One row for each device, also after its deletion, so that a late older write cannot bring it back.
CREATE TABLE device_registry (
  tenant VARCHAR(64) COLLATE "C" NOT NULL,
  device_id VARCHAR(64) COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  platform TEXT NOT NULL,
  alias TEXT COLLATE "C",
  tags TEXT[] NOT NULL,
  locale TEXT,
  timezone TEXT,
  app_version TEXT,
  registered_at_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL,
  PRIMARY KEY (tenant, device_id)
);

CREATE INDEX device_registry_user ON device_registry (tenant, user_id, device_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_registry_alias ON device_registry (tenant, alias, device_id) WHERE alias IS NOT NULL;

-- The tags of devices that are not deleted, for pages by tag.
CREATE TABLE device_tag (
  tenant VARCHAR(64) COLLATE "C" NOT NULL,
  tag TEXT COLLATE "C" NOT NULL,
  device_id VARCHAR(64) COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, tag, device_id)
);

CREATE INDEX device_tag_device ON device_tag (tenant, device_id);

CREATE TABLE tenant_registry (
  tenant VARCHAR(64) COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL
);

-- At most one row for each entity, while it has open work. Small and often rewritten: vacuum early.
CREATE TABLE reminder (
  persistence_id VARCHAR(255) COLLATE "C" PRIMARY KEY,
  due_ms BIGINT NOT NULL,
  version BIGINT NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX reminder_due ON reminder (due_ms, persistence_id);

-- Keys of subjects, wrapped by the master key. Deleting a row makes all that was sealed with it unreadable for ever.
CREATE TABLE subject_keys (
  tenant VARCHAR(64) COLLATE "C" NOT NULL,
  subject VARCHAR(80) COLLATE "C" NOT NULL,
  aead_keyset BYTEA NOT NULL,
  mac_keyset BYTEA NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant, subject)
);

CREATE TABLE node_secrets (
  name VARCHAR(64) COLLATE "C" PRIMARY KEY,
  secret TEXT NOT NULL
);

-- One row that the health check rewrites.
CREATE TABLE write_probe (
  id SMALLINT PRIMARY KEY,
  probed_at_ms BIGINT NOT NULL
);

INSERT INTO write_probe (id, probed_at_ms) VALUES (1, 0);
