-- Every order with all that a release is filtered by: who goes along it passes over what is not wanted without reading its
-- row.
ALTER TABLE releases
    DROP KEY releases_updated, DROP KEY releases_created, DROP KEY releases_sort_title, DROP KEY releases_sort_name,
    ADD KEY releases_updated
        (updated_at, id, status, group_id, format, language, kind, rights_basis, year, created_by),
    ADD KEY releases_created
        (created_at, id, status, group_id, format, language, kind, rights_basis, year, created_by),
    ADD KEY releases_sort_title
        (sort_title, id, status, group_id, format, language, kind, rights_basis, year, created_by),
    ADD KEY releases_sort_name
        (sort_name, id, status, group_id, format, language, kind, rights_basis, year, created_by);
