-- An address that somebody gave and that no letter has confirmed yet: nothing is sent there but the letter that asks.
ALTER TABLE users ADD COLUMN unconfirmed_email VARCHAR(254);

-- Links with which a person confirms an address, each of them once. Only the hash of each is kept.
CREATE TABLE email_links (
    token_hash CHAR(64) NOT NULL,
    user_id    CHAR(26) NOT NULL,
    email      VARCHAR(254) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash),
    CONSTRAINT email_links_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY email_links_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a letter is about: a link for a new password where nothing stands here.
ALTER TABLE letters ADD COLUMN about VARCHAR(20);
