-- From which address a stranger asked for a letter, for the audit log.
ALTER TABLE letters ADD COLUMN asked_from TEXT CHECK (length(asked_from) <= 45);
