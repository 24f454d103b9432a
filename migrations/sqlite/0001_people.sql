CREATE TABLE users (
    id              TEXT NOT NULL,
    username        TEXT NOT NULL CHECK (length(username) <= 100),
    username_folded TEXT NOT NULL CHECK (length(username_folded) <= 100),
    display_name    TEXT NOT NULL CHECK (length(display_name) <= 200),
    password_hash   TEXT NOT NULL CHECK (length(password_hash) <= 255),
    locale          TEXT CHECK (length(locale) <= 35),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deactivated_at  INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX users_username ON users (username_folded);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL,
    role    TEXT NOT NULL CHECK (length(role) <= 20),
    PRIMARY KEY (user_id, role),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX user_roles_role ON user_roles (role, user_id);

CREATE TABLE setup_links (
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (token_hash)
) STRICT;

CREATE TABLE sessions (
    id           TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    end_reason   TEXT CHECK (length(end_reason) <= 40),
    address      TEXT NOT NULL CHECK (length(address) <= 100),
    user_agent   TEXT NOT NULL CHECK (length(user_agent) <= 400),
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- A token can be derived again from its session and sequence, so only its hash is kept.
CREATE TABLE refresh_tokens (
    session_id TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (session_id, sequence),
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX refresh_tokens_hash ON refresh_tokens (token_hash);

-- "groups" is a reserved word of MySQL 8.
CREATE TABLE release_groups (
    id         TEXT NOT NULL,
    tag        TEXT NOT NULL CHECK (length(tag) <= 30),
    tag_folded TEXT NOT NULL CHECK (length(tag_folded) <= 30),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX release_groups_tag ON release_groups (tag_folded);
CREATE INDEX release_groups_created_by ON release_groups (created_by);
