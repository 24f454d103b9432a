-- Where a person is written to. Several may share an address; it is found whatever its case.
ALTER TABLE users ADD COLUMN email TEXT CHECK (length(email) <= 254);
ALTER TABLE users ADD COLUMN email_folded TEXT CHECK (length(email_folded) <= 254);
CREATE INDEX users_email ON users (email_folded);

-- Letters that are to be sent, each with a link for a new password. The link is made when the letter is sent, so that it
-- stands nowhere else. Of user_id and asked_for one is given: a person, or the name or address that a stranger typed.
CREATE TABLE letters (
    id         TEXT NOT NULL,
    user_id    TEXT,
    asked_for  TEXT CHECK (length(asked_for) <= 254),
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX letters_due ON letters (due_at, id);
CREATE INDEX letters_user ON letters (user_id);
