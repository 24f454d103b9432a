-- The bytes of a book are in the blob store under sha256.
CREATE TABLE books (
    id                TEXT NOT NULL,
    sha256            TEXT NOT NULL,
    crc32             TEXT NOT NULL CHECK (length(crc32) <= 8),
    size              INTEGER NOT NULL,
    file_name         TEXT NOT NULL,
    format            TEXT CHECK (length(format) <= 20),
    metadata          TEXT,
    chapters          TEXT,
    protection        TEXT,
    cover_sha256      TEXT,
    cover_media_type  TEXT CHECK (length(cover_media_type) <= 100),
    inspected_at      INTEGER,
    inspector_version TEXT CHECK (length(inspector_version) <= 40),
    created_by        TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX books_sha256 ON books (sha256);
CREATE INDEX books_cover ON books (cover_sha256);
CREATE INDEX books_created_by ON books (created_by);

CREATE TABLE book_findings (
    book_id       TEXT NOT NULL,
    position      INTEGER NOT NULL,
    code          TEXT NOT NULL CHECK (length(code) <= 40),
    severity      TEXT NOT NULL CHECK (length(severity) <= 10),
    file          TEXT,
    line          INTEGER,
    column_number INTEGER,
    data          TEXT NOT NULL,
    PRIMARY KEY (book_id, position),
    FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE
) STRICT;

-- claimed_* hold a value only from an accepted pack job on: NULL never meets a unique index.
CREATE TABLE releases (
    id                  TEXT NOT NULL,
    book_id             TEXT NOT NULL,
    group_id            TEXT,
    profile             TEXT NOT NULL CHECK (length(profile) <= 100),
    overrides           TEXT NOT NULL,
    rights_basis        TEXT CHECK (length(rights_basis) <= 100),
    rights_note         TEXT,
    release_date        TEXT NOT NULL CHECK (length(release_date) <= 10),
    status              TEXT NOT NULL CHECK (length(status) <= 20),
    refusal             TEXT CHECK (length(refusal) <= 100),
    revision            INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    name                TEXT CHECK (length(name) <= 255),
    claimed_name_folded TEXT CHECK (length(claimed_name_folded) <= 255),
    volume_id           TEXT CHECK (length(volume_id) <= 6),
    claimed_volume      TEXT CHECK (length(claimed_volume) <= 20),
    title               TEXT NOT NULL,
    authors             TEXT NOT NULL,
    language            TEXT CHECK (length(language) <= 35),
    format              TEXT CHECK (length(format) <= 20),
    kind                TEXT NOT NULL CHECK (length(kind) <= 20),
    source              TEXT NOT NULL CHECK (length(source) <= 20),
    year                INTEGER,
    isbn                TEXT CHECK (length(isbn) <= 20),
    sort_title          TEXT NOT NULL CHECK (length(sort_title) <= 200),
    sort_name           TEXT NOT NULL CHECK (length(sort_name) <= 255),
    created_by          TEXT NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    packed_at           INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE RESTRICT,
    FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE RESTRICT,
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX releases_name ON releases (group_id, claimed_name_folded);
CREATE UNIQUE INDEX releases_volume ON releases (group_id, claimed_volume);
CREATE INDEX releases_created ON releases (created_at, id);
CREATE INDEX releases_updated ON releases (updated_at, id);
CREATE INDEX releases_status_updated ON releases (status, updated_at, id);
CREATE INDEX releases_group_updated ON releases (group_id, updated_at, id);
CREATE INDEX releases_creator_updated ON releases (created_by, updated_at, id);
CREATE INDEX releases_sort_title ON releases (sort_title, id);
CREATE INDEX releases_sort_name ON releases (sort_name, id);
CREATE INDEX releases_book ON releases (book_id);

-- The words a release is found by, the same on every engine.
CREATE TABLE release_terms (
    term       TEXT NOT NULL CHECK (length(term) <= 64),
    release_id TEXT NOT NULL,
    PRIMARY KEY (term, release_id),
    FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX release_terms_release ON release_terms (release_id, term);
