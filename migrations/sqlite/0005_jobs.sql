CREATE TABLE jobs (
    id               TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (length(kind) <= 20),
    state            TEXT NOT NULL CHECK (length(state) <= 20),
    release_id       TEXT,
    package_id       TEXT,
    group_id         TEXT,
    stage            TEXT NOT NULL CHECK (length(stage) <= 40),
    progress_done    INTEGER NOT NULL,
    progress_total   INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    lease_number     INTEGER NOT NULL,
    run_after        INTEGER NOT NULL,
    lease_owner      TEXT CHECK (length(lease_owner) <= 100),
    lease_until      INTEGER,
    cancel_requested INTEGER NOT NULL,
    failure_code     TEXT CHECK (length(failure_code) <= 100),
    failure_data     TEXT,
    incident         TEXT CHECK (length(incident) <= 40),
    result           TEXT,
    created_by       TEXT,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,
    finished_at      INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    FOREIGN KEY (package_id) REFERENCES packages (id) ON DELETE CASCADE,
    FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE SET NULL,
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX jobs_queue ON jobs (state, run_after, id);
CREATE INDEX jobs_leases ON jobs (state, lease_until, id);
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_kind ON jobs (kind, id);
CREATE INDEX jobs_release ON jobs (release_id, id);
CREATE INDEX jobs_finished ON jobs (finished_at, id);
CREATE INDEX jobs_package_id ON jobs (package_id);
CREATE INDEX jobs_group_id ON jobs (group_id);
CREATE INDEX jobs_created_by ON jobs (created_by);

CREATE TABLE job_log (
    job_id   TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    level    TEXT NOT NULL CHECK (length(level) <= 10),
    code     TEXT NOT NULL CHECK (length(code) <= 100),
    data     TEXT NOT NULL,
    PRIMARY KEY (job_id, sequence),
    FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
) STRICT;
