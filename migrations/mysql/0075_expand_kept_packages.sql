-- When the files of a package were thrown away, because the house keeps packages only for so long; nothing while they are kept.
-- The row stays, and so do its small files of text and the checksums of all.
ALTER TABLE packages ADD COLUMN files_removed_at BIGINT NULL;
ALTER TABLE package_files ADD COLUMN removed_at BIGINT NULL;
CREATE INDEX packages_files_removed ON packages (files_removed_at, created_at, id);
