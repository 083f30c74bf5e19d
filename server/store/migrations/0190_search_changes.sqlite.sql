-- A row for each change instead of one for each post: so that a change that commits while its post is being indexed is not
-- taken for the one that was.
DROP TABLE search_dirty;
--;
CREATE TABLE search_dirty (id INTEGER PRIMARY KEY, seq BIGINT NOT NULL);
--;
CREATE INDEX search_dirty_seq ON search_dirty (seq);
