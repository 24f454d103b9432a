-- The hash of the small picture of a cover for lists; nothing where there is none, and for books read before there were any.
ALTER TABLE books ADD COLUMN thumbnail_sha256 TEXT;
CREATE INDEX books_thumbnail ON books (thumbnail_sha256);
