-- The folded name of the release that a release corrects, so that the corrections of a release are found. Names are ASCII,
-- so that LOWER folds them.
ALTER TABLE releases ADD COLUMN corrects_folded TEXT CHECK (length(corrects_folded) <= 255);
UPDATE releases SET corrects_folded = LOWER(json_extract(overrides, '$.corrects'))
WHERE json_type(overrides, '$.corrects') = 'text';
CREATE INDEX releases_corrects ON releases (group_id, corrects_folded);
