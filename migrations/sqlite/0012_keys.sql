-- Personal tokens of the API. Only the hash of each is kept.
CREATE TABLE api_tokens (
    id           TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    name         TEXT NOT NULL CHECK (length(name) <= 100),
    token_hash   TEXT NOT NULL,
    scope        TEXT NOT NULL CHECK (length(scope) <= 20),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    ended_at     INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);
CREATE INDEX api_tokens_user ON api_tokens (user_id, id);

-- Links with which a person chooses a new password, once. Only the hash of each is kept.
CREATE TABLE reset_links (
    token_hash TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (token_hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX reset_links_user ON reset_links (user_id);

-- The seeds of one-time codes, encrypted. last_step is the time step of the last code that was taken.
CREATE TABLE totp_seeds (
    user_id      TEXT NOT NULL,
    sealed_seed  TEXT NOT NULL CHECK (length(sealed_seed) <= 400),
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL,
    PRIMARY KEY (user_id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE recovery_codes (
    user_id   TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    used_at   INTEGER,
    PRIMARY KEY (user_id, code_hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
