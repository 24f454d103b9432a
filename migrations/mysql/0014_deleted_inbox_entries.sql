-- Entries whose release was deleted while they waited: nobody can decide them, and until now they waited for ever.
UPDATE inbox_entries SET state = 'deleted' WHERE state = 'waiting' AND release_id IS NULL;
