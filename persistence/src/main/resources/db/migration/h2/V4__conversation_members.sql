-- Who is in which conversation, for lists of one user's conversations. Who left keeps a row: lists of changes say so, and a late older
-- write cannot bring the user back. Nothing is written here for a message. Times are milliseconds since 1970.
CREATE TABLE conversation_member (
  tenant VARCHAR(64) NOT NULL,
  user_id VARCHAR(64) NOT NULL,
  conversation_id VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  gone BOOLEAN NOT NULL,
  changed_at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant, user_id, conversation_id)
);

CREATE INDEX conversation_member_conversation ON conversation_member (tenant, conversation_id, version);
