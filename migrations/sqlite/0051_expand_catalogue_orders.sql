-- Every order with all that a release is filtered by: who goes along it passes over what is not wanted without reading its
-- row.
DROP INDEX releases_updated;
DROP INDEX releases_created;
DROP INDEX releases_sort_title;
DROP INDEX releases_sort_name;
CREATE INDEX releases_updated ON releases
    (updated_at, id, status, group_id, format, language, kind, rights_basis, year, created_by);
CREATE INDEX releases_created ON releases
    (created_at, id, status, group_id, format, language, kind, rights_basis, year, created_by);
CREATE INDEX releases_sort_title ON releases
    (sort_title, id, status, group_id, format, language, kind, rights_basis, year, created_by);
CREATE INDEX releases_sort_name ON releases
    (sort_name, id, status, group_id, format, language, kind, rights_basis, year, created_by);
