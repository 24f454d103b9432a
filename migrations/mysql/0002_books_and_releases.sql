-- The bytes of a book are in the blob store under sha256.
CREATE TABLE books (
    id                CHAR(26) NOT NULL,
    sha256            CHAR(64) NOT NULL,
    crc32             VARCHAR(8) NOT NULL,
    size              BIGINT NOT NULL,
    file_name         MEDIUMTEXT NOT NULL,
    format            VARCHAR(20),
    metadata          LONGTEXT,
    chapters          LONGTEXT,
    protection        LONGTEXT,
    cover_sha256      CHAR(64),
    cover_media_type  VARCHAR(100),
    inspected_at      BIGINT,
    inspector_version VARCHAR(40),
    created_by        CHAR(26) NOT NULL,
    created_at        BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT books_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    KEY books_sha256 (sha256),
    KEY books_cover (cover_sha256),
    KEY books_created_by (created_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE book_findings (
    book_id       CHAR(26) NOT NULL,
    position      BIGINT NOT NULL,
    code          VARCHAR(40) NOT NULL,
    severity      VARCHAR(10) NOT NULL,
    file          MEDIUMTEXT,
    line          BIGINT,
    column_number BIGINT,
    data          LONGTEXT NOT NULL,
    PRIMARY KEY (book_id, position),
    CONSTRAINT book_findings_book_id_fk FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- claimed_* hold a value only from an accepted pack job on: NULL never meets a unique index.
CREATE TABLE releases (
    id                  CHAR(26) NOT NULL,
    book_id             CHAR(26) NOT NULL,
    group_id            CHAR(26),
    profile             VARCHAR(100) NOT NULL,
    overrides           LONGTEXT NOT NULL,
    rights_basis        VARCHAR(100),
    rights_note         MEDIUMTEXT,
    release_date        VARCHAR(10) NOT NULL,
    status              VARCHAR(20) NOT NULL,
    refusal             VARCHAR(100),
    revision            BIGINT NOT NULL,
    version             BIGINT NOT NULL,
    name                VARCHAR(255),
    claimed_name_folded VARCHAR(255),
    volume_id           VARCHAR(6),
    claimed_volume      VARCHAR(20),
    title               MEDIUMTEXT NOT NULL,
    authors             MEDIUMTEXT NOT NULL,
    language            VARCHAR(35),
    format              VARCHAR(20),
    kind                VARCHAR(20) NOT NULL,
    source              VARCHAR(20) NOT NULL,
    year                BIGINT,
    isbn                VARCHAR(20),
    sort_title          VARCHAR(200) NOT NULL,
    sort_name           VARCHAR(255) NOT NULL,
    created_by          CHAR(26) NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    packed_at           BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT releases_book_id_fk FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE RESTRICT,
    CONSTRAINT releases_group_id_fk FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE RESTRICT,
    CONSTRAINT releases_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    UNIQUE KEY releases_name (group_id, claimed_name_folded),
    UNIQUE KEY releases_volume (group_id, claimed_volume),
    KEY releases_created (created_at, id),
    KEY releases_updated (updated_at, id),
    KEY releases_status_updated (status, updated_at, id),
    KEY releases_group_updated (group_id, updated_at, id),
    KEY releases_creator_updated (created_by, updated_at, id),
    KEY releases_sort_title (sort_title, id),
    KEY releases_sort_name (sort_name, id),
    KEY releases_book (book_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The words a release is found by, the same on every engine.
CREATE TABLE release_terms (
    term       VARCHAR(64) NOT NULL,
    release_id CHAR(26) NOT NULL,
    PRIMARY KEY (term, release_id),
    CONSTRAINT release_terms_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    KEY release_terms_release (release_id, term)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
