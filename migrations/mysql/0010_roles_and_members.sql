-- The built-in roles are part of the program; these are the house's own.
CREATE TABLE roles (
    name        VARCHAR(20) NOT NULL,
    name_folded VARCHAR(40) NOT NULL,
    all_groups  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (name),
    UNIQUE KEY roles_name (name_folded)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE role_permissions (
    role     VARCHAR(20) NOT NULL,
    resource VARCHAR(20) NOT NULL,
    action   VARCHAR(10) NOT NULL,
    PRIMARY KEY (role, resource, action),
    CONSTRAINT role_permissions_role_fk FOREIGN KEY (role) REFERENCES roles (name) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What one person may do, or may not, whatever their roles say.
CREATE TABLE user_exceptions (
    user_id  CHAR(26) NOT NULL,
    resource VARCHAR(20) NOT NULL,
    action   VARCHAR(10) NOT NULL,
    allowed  BIGINT NOT NULL,
    PRIMARY KEY (user_id, resource, action),
    CONSTRAINT user_exceptions_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE group_members (
    group_id CHAR(26) NOT NULL,
    user_id  CHAR(26) NOT NULL,
    PRIMARY KEY (group_id, user_id),
    CONSTRAINT group_members_group_id_fk FOREIGN KEY (group_id) REFERENCES release_groups (id) ON DELETE CASCADE,
    CONSTRAINT group_members_user_id_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    KEY group_members_user (user_id, group_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Until now everybody saw the releases of every group: nobody loses sight of anything.
INSERT INTO group_members (group_id, user_id) SELECT g.id, u.id FROM release_groups g CROSS JOIN users u;
