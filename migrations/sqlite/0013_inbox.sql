-- Books that contributors sent in. The entry stays when its book was declined and is gone.
CREATE TABLE inbox_entries (
    id         TEXT NOT NULL,
    release_id TEXT,
    file_name  TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (length(state) <= 20),
    sent_by    TEXT NOT NULL,
    sent_at    INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    note       TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE SET NULL,
    FOREIGN KEY (sent_by) REFERENCES users (id) ON DELETE RESTRICT,
    FOREIGN KEY (decided_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX inbox_entries_state ON inbox_entries (state, id);
CREATE INDEX inbox_entries_sent_by ON inbox_entries (sent_by, id);
CREATE INDEX inbox_entries_release ON inbox_entries (release_id);
CREATE INDEX inbox_entries_decided_by ON inbox_entries (decided_by);
