-- The folded name of the release that a release corrects, so that the corrections of a release are found. Names are ASCII,
-- so that LOWER folds them.
ALTER TABLE releases ADD COLUMN corrects_folded VARCHAR(255), ADD KEY releases_corrects (group_id, corrects_folded);
UPDATE releases SET corrects_folded = LOWER(JSON_UNQUOTE(JSON_EXTRACT(overrides, '$.corrects')))
WHERE JSON_TYPE(JSON_EXTRACT(overrides, '$.corrects')) = 'STRING';
