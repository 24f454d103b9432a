CREATE TABLE saved_views (
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (length(name) <= 60),
    query      TEXT NOT NULL CHECK (length(query) <= 1000),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, name),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
