-- The built-in roles are part of the program; these are the house's own.
CREATE TABLE roles (
    name        TEXT NOT NULL CHECK (length(name) <= 20),
    name_folded TEXT NOT NULL CHECK (length(name_folded) <= 40),
    all_groups  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (name_folded);

CREATE TABLE role_permissions (
    role     TEXT NOT NULL CHECK (length(role) <= 20),
    resource TEXT NOT NULL CHECK (length(resource) <= 20),
    action   TEXT NOT NULL CHECK (length(action) <= 10),
    PRIMARY KEY (role, resource, action),
    FOREIGN KEY (role) REFERENCES roles (name) ON DELETE CASCADE
) STRICT;

-- What one person may do, or may not, whatever their roles say.
CREATE TABLE user_exceptions (
    user_id  TEXT NOT NULL,
    resource TEXT NOT NULL CHECK (length(resource) <= 20),
    action   TEXT NOT NULL CHECK (length(action) <= 10),
    allowed  INTEGER NOT NULL,
    PRIMARY KEY (user_id, resource, action),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE group_members (
    group_id TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    PRIMARY KEY (group_id, user_id),
    FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX group_members_user ON group_members (user_id, group_id);

-- Until now everybody saw the releases of every group: nobody loses sight of anything.
INSERT INTO group_members (group_id, user_id) SELECT g.id, u.id FROM release_groups g CROSS JOIN users u;
