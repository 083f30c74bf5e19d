-- One-time tokens are found by whom they are for; people may make tokens that act in their name.
ALTER TABLE tokens ADD COLUMN subject VARCHAR(128) NOT NULL DEFAULT '';
--;
CREATE INDEX tokens_subject ON tokens (subject, type);
--;
CREATE TABLE user_access_tokens (
    id VARCHAR(26) PRIMARY KEY, token_hash VARCHAR(64) NOT NULL, user_id VARCHAR(26) NOT NULL,
    description TEXT NOT NULL, create_at BIGINT NOT NULL, is_active SMALLINT NOT NULL
) WITHOUT ROWID;
--;
CREATE UNIQUE INDEX user_access_tokens_token ON user_access_tokens (token_hash);
--;
CREATE INDEX user_access_tokens_user ON user_access_tokens (user_id, id);
--;
CREATE INDEX users_create ON users (create_at);
