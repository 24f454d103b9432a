CREATE TABLE users (
    id              CHAR(26) NOT NULL,
    username        VARCHAR(100) NOT NULL,
    username_folded VARCHAR(100) NOT NULL,
    display_name    VARCHAR(200) NOT NULL,
    password_hash   VARCHAR(255) NOT NULL,
    locale          VARCHAR(35),
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    deactivated_at  BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY users_username (username_folded)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE user_roles (
    user_id CHAR(26) NOT NULL,
    role    VARCHAR(20) NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY user_roles_role (role, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE setup_links (
    token_hash CHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (token_hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE sessions (
    id           CHAR(26) NOT NULL,
    user_id      CHAR(26) NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    end_reason   VARCHAR(40),
    address      VARCHAR(100) NOT NULL,
    user_agent   VARCHAR(400) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY sessions_user (user_id, created_at),
    KEY sessions_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A token can be derived again from its session and sequence, so only its hash is kept.
CREATE TABLE refresh_tokens (
    session_id CHAR(26) NOT NULL,
    sequence   BIGINT NOT NULL,
    token_hash CHAR(64) NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (session_id, sequence),
    CONSTRAINT refresh_tokens_session_id_fk FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    UNIQUE KEY refresh_tokens_hash (token_hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- "groups" is a reserved word of MySQL 8.
CREATE TABLE release_groups (
    id         CHAR(26) NOT NULL,
    tag        VARCHAR(30) NOT NULL,
    tag_folded VARCHAR(30) NOT NULL,
    created_at BIGINT NOT NULL,
    created_by CHAR(26) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT release_groups_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    UNIQUE KEY release_groups_tag (tag_folded),
    KEY release_groups_created_by (created_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
