-- Parts of uploads that are not complete. Each is a content of its own, so that two senders at once cannot mix their bytes.
CREATE TABLE upload_parts (
    id VARCHAR(26) PRIMARY KEY, upload_id VARCHAR(26) NOT NULL, part_offset BIGINT NOT NULL,
    size BIGINT NOT NULL, path TEXT NOT NULL
) WITHOUT ROWID;
--;
CREATE UNIQUE INDEX upload_parts_upload ON upload_parts (upload_id, part_offset);
--;
CREATE INDEX upload_sessions_age ON upload_sessions (create_at);
