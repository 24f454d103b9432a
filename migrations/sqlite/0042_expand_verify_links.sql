-- Links with which anybody compares a package with what was released. Only the hash of each token is kept.
CREATE TABLE verify_links (
    release_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (release_id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX verify_links_token ON verify_links (token_hash);
CREATE INDEX verify_links_created_by ON verify_links (created_by);
