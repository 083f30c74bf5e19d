-- Names folded for search, as users and channels have them.
ALTER TABLE teams ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
--;
UPDATE teams SET search_text = lower(display_name || ' ' || name);
