CREATE TABLE uploads (
    id          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    size        INTEGER NOT NULL,
    received    INTEGER NOT NULL,
    group_id    TEXT,
    fingerprint TEXT CHECK (length(fingerprint) <= 255),
    state       TEXT NOT NULL CHECK (length(state) <= 20),
    refusal     TEXT CHECK (length(refusal) <= 100),
    release_id  TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE SET NULL,
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX uploads_user_state ON uploads (user_id, state, id);
CREATE INDEX uploads_expiry ON uploads (expires_at, id);
CREATE INDEX uploads_group_id ON uploads (group_id);
CREATE INDEX uploads_release_id ON uploads (release_id);

CREATE TABLE upload_parts (
    upload_id TEXT NOT NULL,
    start     INTEGER NOT NULL,
    length    INTEGER NOT NULL,
    blob_key  TEXT NOT NULL CHECK (length(blob_key) <= 255),
    PRIMARY KEY (upload_id, start),
    FOREIGN KEY (upload_id) REFERENCES uploads (id) ON DELETE CASCADE
) STRICT;
