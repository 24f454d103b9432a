-- From which address a stranger asked for a letter, for the audit log.
ALTER TABLE letters ADD COLUMN asked_from VARCHAR(45);
