-- Releases whose package is no longer offered, with what whoever withdrew one says. A row that is gone was taken back.
CREATE TABLE withdrawals (
    release_id   TEXT NOT NULL,
    reason       TEXT NOT NULL CHECK (length(reason) <= 500),
    withdrawn_by TEXT NOT NULL,
    withdrawn_at INTEGER NOT NULL,
    PRIMARY KEY (release_id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    FOREIGN KEY (withdrawn_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX withdrawals_withdrawn_by ON withdrawals (withdrawn_by);
