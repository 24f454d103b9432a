-- Who changed what. Rows are added and, after their time, removed; none is ever changed. They name no other table, so
-- that what happened stays when what it happened to is gone.
CREATE TABLE audit_entries (
    id           CHAR(26) NOT NULL,
    at           BIGINT NOT NULL,
    actor_id     CHAR(26),
    actor_name   VARCHAR(200) NOT NULL,
    token_id     CHAR(26),
    address      VARCHAR(100),
    action       VARCHAR(20) NOT NULL,
    resource     VARCHAR(20) NOT NULL,
    subject_id   VARCHAR(40),
    subject_name VARCHAR(255) NOT NULL,
    before_value LONGTEXT,
    after_value  LONGTEXT,
    PRIMARY KEY (id),
    KEY audit_entries_actor (actor_id, id),
    KEY audit_entries_resource (resource, id),
    KEY audit_entries_subject (subject_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
