-- The address that somebody who looks after people gave last, until one is confirmed: while it is the one that waits, it
-- goes on waiting when the password is changed.
ALTER TABLE users ADD COLUMN given_email TEXT CHECK (length(given_email) <= 254);
