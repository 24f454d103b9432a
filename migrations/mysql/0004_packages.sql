CREATE TABLE packages (
    id              CHAR(26) NOT NULL,
    release_id      CHAR(26) NOT NULL,
    revision        BIGINT NOT NULL,
    name            VARCHAR(255) NOT NULL,
    volume_id       VARCHAR(6),
    profile         VARCHAR(100) NOT NULL,
    profile_version BIGINT NOT NULL,
    size            BIGINT NOT NULL,
    manifest_sha256 CHAR(64) NOT NULL,
    created_by      CHAR(26) NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT packages_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT packages_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    UNIQUE KEY packages_revision (release_id, revision),
    KEY packages_created_by (created_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The bytes of a file are in the blob store under sha256.
CREATE TABLE package_files (
    package_id CHAR(26) NOT NULL,
    position   BIGINT NOT NULL,
    path       MEDIUMTEXT NOT NULL,
    size       BIGINT NOT NULL,
    crc32      VARCHAR(8) NOT NULL,
    sha256     CHAR(64) NOT NULL,
    PRIMARY KEY (package_id, position),
    CONSTRAINT package_files_package_id_fk FOREIGN KEY (package_id) REFERENCES packages (id) ON DELETE CASCADE,
    KEY package_files_sha256 (sha256)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
