CREATE TABLE packages (
    id              TEXT NOT NULL,
    release_id      TEXT NOT NULL,
    revision        INTEGER NOT NULL,
    name            TEXT NOT NULL CHECK (length(name) <= 255),
    volume_id       TEXT CHECK (length(volume_id) <= 6),
    profile         TEXT NOT NULL CHECK (length(profile) <= 100),
    profile_version INTEGER NOT NULL,
    size            INTEGER NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX packages_revision ON packages (release_id, revision);
CREATE INDEX packages_created_by ON packages (created_by);

-- The bytes of a file are in the blob store under sha256.
CREATE TABLE package_files (
    package_id TEXT NOT NULL,
    position   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    crc32      TEXT NOT NULL CHECK (length(crc32) <= 8),
    sha256     TEXT NOT NULL,
    PRIMARY KEY (package_id, position),
    FOREIGN KEY (package_id) REFERENCES packages (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX package_files_sha256 ON package_files (sha256);
