-- Who changed what. Rows are added and, after their time, removed; none is ever changed. They name no other table, so
-- that what happened stays when what it happened to is gone.
CREATE TABLE audit_entries (
    id           TEXT NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     TEXT,
    actor_name   TEXT NOT NULL CHECK (length(actor_name) <= 200),
    token_id     TEXT,
    address      TEXT CHECK (length(address) <= 100),
    action       TEXT NOT NULL CHECK (length(action) <= 20),
    resource     TEXT NOT NULL CHECK (length(resource) <= 20),
    subject_id   TEXT CHECK (length(subject_id) <= 40),
    subject_name TEXT NOT NULL CHECK (length(subject_name) <= 255),
    before_value TEXT,
    after_value  TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_resource ON audit_entries (resource, id);
CREATE INDEX audit_entries_subject ON audit_entries (subject_id, id);
