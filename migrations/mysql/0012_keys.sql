-- Personal tokens of the API. Only the hash of each is kept.
CREATE TABLE api_tokens (
    id           CHAR(26) NOT NULL,
    user_id      CHAR(26) NOT NULL,
    name         VARCHAR(100) NOT NULL,
    token_hash   CHAR(64) NOT NULL,
    scope        VARCHAR(20) NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    ended_at     BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT api_tokens_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    UNIQUE KEY api_tokens_hash (token_hash),
    KEY api_tokens_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Links with which a person chooses a new password, once. Only the hash of each is kept.
CREATE TABLE reset_links (
    token_hash CHAR(64) NOT NULL,
    user_id    CHAR(26) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (token_hash),
    CONSTRAINT reset_links_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY reset_links_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The seeds of one-time codes, encrypted. last_step is the time step of the last code that was taken.
CREATE TABLE totp_seeds (
    user_id      CHAR(26) NOT NULL,
    sealed_seed  VARCHAR(400) NOT NULL,
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step    BIGINT NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT totp_seeds_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE recovery_codes (
    user_id   CHAR(26) NOT NULL,
    code_hash CHAR(64) NOT NULL,
    used_at   BIGINT,
    PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
