-- Profiles that nobody can choose any more. Their versions stay: releases follow them, and they can be had back.
CREATE TABLE deleted_profiles (
    name       VARCHAR(40) NOT NULL,
    deleted_by CHAR(26) NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (name),
    CONSTRAINT deleted_profiles_deleted_by_fk FOREIGN KEY (deleted_by) REFERENCES users (id) ON DELETE RESTRICT,
    KEY deleted_profiles_deleted_by (deleted_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
