CREATE TABLE profile_versions (
    name       VARCHAR(40) NOT NULL,
    version    BIGINT NOT NULL,
    text       MEDIUMTEXT NOT NULL,
    created_by CHAR(26) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (name, version),
    CONSTRAINT profile_versions_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    KEY profile_versions_created_by (created_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE profile_drafts (
    user_id    CHAR(26) NOT NULL,
    name       VARCHAR(40) NOT NULL,
    text       MEDIUMTEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, name),
    CONSTRAINT profile_drafts_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
