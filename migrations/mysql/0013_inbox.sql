-- Books that contributors sent in. The entry stays when its book was declined and is gone.
CREATE TABLE inbox_entries (
    id         CHAR(26) NOT NULL,
    release_id CHAR(26),
    file_name  MEDIUMTEXT NOT NULL,
    state      VARCHAR(20) NOT NULL,
    sent_by    CHAR(26) NOT NULL,
    sent_at    BIGINT NOT NULL,
    decided_by CHAR(26),
    decided_at BIGINT,
    note       TEXT,
    PRIMARY KEY (id),
    CONSTRAINT inbox_entries_release_id_fk FOREIGN KEY (release_id) REFERENCES releases (id) ON DELETE SET NULL,
    CONSTRAINT inbox_entries_sent_by_fk FOREIGN KEY (sent_by) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT inbox_entries_decided_by_fk FOREIGN KEY (decided_by) REFERENCES users (id) ON DELETE RESTRICT,
    KEY inbox_entries_state (state, id),
    KEY inbox_entries_sent_by (sent_by, id),
    KEY inbox_entries_release (release_id),
    KEY inbox_entries_decided_by (decided_by)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
