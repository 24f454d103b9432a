-- The most bytes that a group may keep; nothing where it has no limit.
ALTER TABLE release_groups ADD COLUMN quota_bytes BIGINT;
-- The bytes of a package that is being made: they count for the group from the moment it is asked for.
ALTER TABLE releases ADD COLUMN reserved_bytes BIGINT;
