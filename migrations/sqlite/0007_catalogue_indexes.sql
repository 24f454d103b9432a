CREATE INDEX releases_format_updated ON releases (format, updated_at, id);
CREATE INDEX releases_language_updated ON releases (language, updated_at, id);
CREATE INDEX releases_kind_updated ON releases (kind, updated_at, id);
CREATE INDEX releases_rights_updated ON releases (rights_basis, updated_at, id);
CREATE INDEX releases_year_updated ON releases (year, updated_at, id);
