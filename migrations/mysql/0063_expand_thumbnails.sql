-- The hash of the small picture of a cover for lists; nothing where there is none, and for books read before there were any.
ALTER TABLE books
    ADD COLUMN thumbnail_sha256 CHAR(64),
    ADD KEY books_thumbnail (thumbnail_sha256);
