-- An address that somebody gave and that no letter has confirmed yet: nothing is sent there but the letter that asks.
ALTER TABLE users ADD COLUMN unconfirmed_email TEXT CHECK (length(unconfirmed_email) <= 254);

-- Links with which a person confirms an address, each of them once. Only the hash of each is kept.
CREATE TABLE email_links (
    token_hash TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    email      TEXT NOT NULL CHECK (length(email) <= 254),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX email_links_user ON email_links (user_id);

-- What a letter is about: a link for a new password where nothing stands here.
ALTER TABLE letters ADD COLUMN about TEXT CHECK (length(about) <= 20);
