-- Profiles that nobody can choose any more. Their versions stay: releases follow them, and they can be had back.
CREATE TABLE deleted_profiles (
    name       TEXT NOT NULL CHECK (length(name) <= 40),
    deleted_by TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (name),
    FOREIGN KEY (deleted_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX deleted_profiles_deleted_by ON deleted_profiles (deleted_by);
