-- The half-minute of the last code that was taken: no code counts twice.
ALTER TABLE users ADD COLUMN mfa_last_step BIGINT NOT NULL DEFAULT 0;
