CREATE TABLE uploads (
    id          CHAR(26) NOT NULL,
    user_id     CHAR(26) NOT NULL,
    file_name   MEDIUMTEXT NOT NULL,
    size        BIGINT NOT NULL,
    received    BIGINT NOT NULL,
    group_id    CHAR(26),
    fingerprint VARCHAR(255),
    state       VARCHAR(20) NOT NULL,
    refusal     VARCHAR(100),
    release_id  CHAR(26),
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uploads_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uploads_group_id_fk FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE SET NULL,
    CONSTRAINT uploads_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE SET NULL,
    KEY uploads_user_state (user_id, state, id),
    KEY uploads_expiry (expires_at, id),
    KEY uploads_group_id (group_id),
    KEY uploads_release_id (release_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE upload_parts (
    upload_id CHAR(26) NOT NULL,
    start     BIGINT NOT NULL,
    length    BIGINT NOT NULL,
    blob_key  VARCHAR(255) NOT NULL,
    PRIMARY KEY (upload_id, start),
    CONSTRAINT upload_parts_upload_id_fk FOREIGN KEY (upload_id) REFERENCES uploads (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
