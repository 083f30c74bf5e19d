-- Guests are few: found without reading all memberships, for events that they must not hear.
CREATE INDEX team_members_guest ON team_members (scheme_guest, user_id);
