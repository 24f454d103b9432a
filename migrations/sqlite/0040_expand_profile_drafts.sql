-- A draft knows the version that it was begun from, 0 for a new profile. What was begun before that was known counts as
-- begun from the first version: the page then shows all that changed since.
ALTER TABLE profile_drafts ADD COLUMN seen INTEGER NOT NULL DEFAULT 1;
