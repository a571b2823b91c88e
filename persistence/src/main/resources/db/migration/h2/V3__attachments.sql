-- Attachments of conversations; their contents are in a store of objects. Times are milliseconds since 1970.

-- A content, in chunks of one size but the last. Its hash is there once it was verified; then there is no other one of the tenant.
CREATE TABLE attachment_content (
  content_id VARCHAR(40) PRIMARY KEY,
  tenant VARCHAR(64) NOT NULL,
  sha256 VARCHAR(64),
  bytes BIGINT NOT NULL,
  chunk_bytes INTEGER NOT NULL,
  received BIGINT NOT NULL
);

CREATE UNIQUE INDEX attachment_content_hash ON attachment_content (tenant, sha256);

CREATE TABLE attachment_chunk (
  content_id VARCHAR(40) NOT NULL,
  number INTEGER NOT NULL,
  object VARCHAR(200) NOT NULL,
  PRIMARY KEY (content_id, number)
);

CREATE TABLE attachment (
  tenant VARCHAR(64) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  attachment_id VARCHAR(64) NOT NULL,
  life_ms BIGINT NOT NULL,
  uploader_id VARCHAR(64) NOT NULL,
  name_subject VARCHAR(80) NOT NULL,
  name_box VARBINARY(4096) NOT NULL,
  content_type VARCHAR(160) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  fingerprint VARCHAR(64) NOT NULL,
  content_id VARCHAR(40) NOT NULL,
  complete BOOLEAN NOT NULL,
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT,
  PRIMARY KEY (tenant, conversation_id, attachment_id)
);

CREATE INDEX attachment_uploader ON attachment (tenant, uploader_id);
CREATE INDEX attachment_refers ON attachment (content_id);
CREATE INDEX attachment_expiry ON attachment (expires_at_ms);

-- What each tenant's attachments take.
CREATE TABLE attachment_usage (
  tenant VARCHAR(64) PRIMARY KEY,
  bytes BIGINT NOT NULL
);

-- Objects to be removed from their time on: those that nobody refers to, and those being put, which are taken out once they count.
CREATE TABLE attachment_garbage (
  object VARCHAR(200) PRIMARY KEY,
  due_ms BIGINT NOT NULL
);

CREATE INDEX attachment_garbage_due ON attachment_garbage (due_ms);

-- Conversations with attachments that may have ended.
CREATE TABLE attachment_ending (
  tenant VARCHAR(64) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant, conversation_id)
);
