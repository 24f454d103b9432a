CREATE TABLE saved_views (
    user_id    CHAR(26) NOT NULL,
    name       VARCHAR(60) NOT NULL,
    query      VARCHAR(1000) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, name),
    CONSTRAINT saved_views_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
