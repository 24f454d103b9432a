-- When the bytes of a book were thrown away, because the house keeps the sources of packed releases only for so long; nothing while
-- they are kept. What was read from the book stays.
ALTER TABLE books ADD COLUMN source_removed_at INTEGER;
CREATE INDEX books_source_removed ON books (source_removed_at, id);
