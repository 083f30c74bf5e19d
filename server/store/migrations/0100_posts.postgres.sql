-- Priority of a post ("", important, urgent); what finds changed users, and the drafts of a deleted thread.
ALTER TABLE posts ADD COLUMN priority VARCHAR(16) COLLATE "C" NOT NULL DEFAULT '';
--;
ALTER TABLE post_versions ADD COLUMN priority VARCHAR(16) COLLATE "C" NOT NULL DEFAULT '';
--;
CREATE INDEX users_update ON users (update_at);
--;
CREATE INDEX drafts_root ON drafts (root_id);
