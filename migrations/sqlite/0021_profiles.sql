CREATE TABLE profile_versions (
    name       TEXT NOT NULL CHECK (length(name) <= 40),
    version    INTEGER NOT NULL,
    text       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (name, version),
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX profile_versions_created_by ON profile_versions (created_by);

CREATE TABLE profile_drafts (
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (length(name) <= 40),
    text       TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, name),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
