-- Where a person is written to. Several may share an address; it is found whatever its case.
ALTER TABLE users ADD COLUMN email VARCHAR(254);
ALTER TABLE users ADD COLUMN email_folded VARCHAR(254);
CREATE INDEX users_email ON users (email_folded);

-- Letters that are to be sent, each with a link for a new password. The link is made when the letter is sent, so that it
-- stands nowhere else. Of user_id and asked_for one is given: a person, or the name or address that a stranger typed.
CREATE TABLE letters (
    id         CHAR(26) NOT NULL,
    user_id    CHAR(26),
    asked_for  VARCHAR(254),
    created_at BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT letters_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY letters_due (due_at, id),
    KEY letters_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
