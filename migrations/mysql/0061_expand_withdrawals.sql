-- Releases whose package is no longer offered, with what whoever withdrew one says. A row that is gone was taken back.
CREATE TABLE withdrawals (
    release_id   CHAR(26) NOT NULL,
    reason       VARCHAR(500) NOT NULL,
    withdrawn_by CHAR(26) NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    PRIMARY KEY (release_id),
    CONSTRAINT withdrawals_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE CASCADE,
    CONSTRAINT withdrawals_withdrawn_by_fk FOREIGN KEY (withdrawn_by) REFERENCES users (id) ON DELETE RESTRICT,
    KEY withdrawals_withdrawn_by (withdrawn_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
