-- Posts whose index entry is out of date: edited, deleted or destroyed ones. New posts follow from the cursor.
CREATE TABLE search_dirty (seq BIGINT PRIMARY KEY) WITHOUT ROWID;
