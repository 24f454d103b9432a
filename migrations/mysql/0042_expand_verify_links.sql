-- Links with which anybody compares a package with what was released. Only the hash of each token is kept.
CREATE TABLE verify_links (
    release_id CHAR(26) NOT NULL,
    token_hash CHAR(64) NOT NULL,
    created_by CHAR(26) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (release_id),
    CONSTRAINT verify_links_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT verify_links_created_by_fk FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT,
    UNIQUE KEY verify_links_token (token_hash),
    KEY verify_links_created_by (created_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
