//! Who may do what: the roles of the house, exceptions for one person, and who is in which group.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Constraint, GroupId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, number},
    fold,
    row::{CellError, Record, Row},
    statement::statement,
    users::Role,
    word::words,
};

words! {
    /// What is acted on.
    Resource, "resource" {
        /// Books: sending them in, and taking them over from the inbox.
        Books = "books",
        /// Releases and their packages.
        Releases = "releases",
        /// Profiles.
        Profiles = "profiles",
        /// Templates of info files.
        Templates = "templates",
        /// People.
        Users = "users",
        /// Roles.
        Roles = "roles",
        /// Groups.
        Groups = "groups",
        /// Jobs.
        Jobs = "jobs",
        /// Settings of the house.
        Settings = "settings",
        /// Where packages are delivered.
        Destinations = "destinations",
        /// What was changed by whom.
        Audit = "audit",
        /// Keys that packages are signed with.
        Keys = "keys",
    }
}

words! {
    /// What is done to it.
    Action, "action" {
        /// See it.
        Read = "read",
        /// Create it.
        Write = "write",
        /// Change it.
        Modify = "modify",
        /// Delete it. A packed release only goes by the hand of an administrator.
        Delete = "delete",
    }
}

/// A role that the house made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnRole {
    /// Its name, which is also what users are given.
    pub role: Role,
    /// True when who has it sees the releases of every group.
    pub all_groups: bool,
    /// What it allows, in order.
    pub permissions: Vec<(Resource, Action)>,
}

/// What one person may do, or may not, whatever their roles say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// What is acted on.
    pub resource: Resource,
    /// What is done to it.
    pub action: Action,
    /// True when it is allowed, false when it is not.
    pub allowed: bool,
}

struct RoleRow {
    role: Role,
    all_groups: bool,
}

impl Record for RoleRow {
    const TABLE: &'static str = "roles";
    const KEY: &'static str = "name";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { role: row.get("name")?, all_groups: row.get("all_groups")? })
    }
}

struct PermissionRow {
    role: Role,
    resource: Resource,
    action: Action,
}

impl Record for PermissionRow {
    const TABLE: &'static str = "role_permissions";
    const KEY: &'static str = "role";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { role: row.get("role")?, resource: row.get("resource")?, action: row.get("action")? })
    }
}

impl Record for Exception {
    const TABLE: &'static str = "user_exceptions";
    const KEY: &'static str = "user_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { resource: row.get("resource")?, action: row.get("action")?, allowed: row.get("allowed")? })
    }
}

struct MemberRow {
    group_id: GroupId,
    user_id: UserId,
}

impl Record for MemberRow {
    const TABLE: &'static str = "group_members";
    const KEY: &'static str = "group_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { group_id: row.get("group_id")?, user_id: row.get("user_id")? })
    }
}

/// Roles, exceptions and members, read through a store or a transaction.
#[derive(Debug)]
pub struct Permissions<C>(pub(crate) C);

impl<C: Reads> Permissions<C> {
    /// The roles that the house made, by name.
    pub async fn own_roles(mut self) -> Result<Vec<OwnRole>, StoreError> {
        let rows = list::<RoleRow>(&mut self.0, statement("SELECT * FROM roles ORDER BY name_folded")).await?;
        let permissions = statement("SELECT * FROM role_permissions ORDER BY role, resource, action");
        let mut allowed = BTreeMap::<Role, Vec<(Resource, Action)>>::new();
        for row in list::<PermissionRow>(&mut self.0, permissions).await? {
            allowed.entry(row.role).or_default().push((row.resource, row.action));
        }
        let role = |row: RoleRow| {
            let permissions = allowed.remove(&row.role).unwrap_or_default();
            OwnRole { role: row.role, all_groups: row.all_groups, permissions }
        };
        Ok(rows.into_iter().map(role).collect())
    }

    /// How many users have a role, active or not.
    pub async fn count_with_role(mut self, role: &Role) -> Result<u64, StoreError> {
        number(&mut self.0, statement("SELECT COUNT(*) AS number FROM user_roles WHERE role = ?").bind(role)).await
    }

    /// The exceptions of a user.
    pub async fn exceptions_of(mut self, user: UserId) -> Result<Vec<Exception>, StoreError> {
        let exceptions = statement("SELECT * FROM user_exceptions WHERE user_id = ? ORDER BY resource, action");
        list(&mut self.0, exceptions.bind(user)).await
    }

    /// The groups that a user is in.
    pub async fn groups_of(mut self, user: UserId) -> Result<Vec<GroupId>, StoreError> {
        let members = statement("SELECT * FROM group_members WHERE user_id = ? ORDER BY group_id").bind(user);
        let members = list::<MemberRow>(&mut self.0, members).await?;
        Ok(members.into_iter().map(|member| member.group_id).collect())
    }

    /// Who is in which group, of every group.
    pub async fn members(mut self) -> Result<BTreeMap<GroupId, Vec<UserId>>, StoreError> {
        let members = statement("SELECT * FROM group_members ORDER BY group_id, user_id");
        let mut groups = BTreeMap::<GroupId, Vec<UserId>>::new();
        for member in list::<MemberRow>(&mut self.0, members).await? {
            groups.entry(member.group_id).or_default().push(member.user_id);
        }
        Ok(groups)
    }
}

impl Permissions<&mut Transaction> {
    /// The roles that the house made, which stay as they are until the transaction ends: nobody is given one that goes.
    pub async fn hold_own_roles(self) -> Result<Vec<OwnRole>, StoreError> {
        let held = statement("SELECT * FROM roles ORDER BY name_folded").locking();
        list::<RoleRow>(&mut &mut *self.0, held).await?;
        Permissions(self.0).own_roles().await
    }

    /// Makes a role. [`Constraint::RoleName`] when the name is taken, whatever its case.
    pub async fn add_role(self, role: &OwnRole, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO roles (name, name_folded, all_groups, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(&role.role)
        .bind(fold(role.role.word()))
        .bind(role.all_groups)
        .bind(now)
        .bind(now);
        match self.0.execute(insert).await {
            // The same name in the same case meets the key of the table before it meets the index.
            Err(StoreError::Conflict(Constraint::Other)) => return Err(StoreError::Conflict(Constraint::RoleName)),
            other => other?,
        };
        add_permissions(self.0, role).await
    }

    /// Gives a role other permissions. False when there is no such role.
    pub async fn change_role(self, role: &OwnRole, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE roles SET all_groups = ?, updated_at = ? WHERE name = ?");
        if self.0.execute(update.bind(role.all_groups).bind(now).bind(&role.role)).await? == 0 {
            return Ok(false);
        }
        self.0.execute(statement("DELETE FROM role_permissions WHERE role = ?").bind(&role.role)).await?;
        add_permissions(self.0, role).await?;
        Ok(true)
    }

    /// Removes a role. False when there is none.
    pub async fn delete_role(self, role: &Role) -> Result<bool, StoreError> {
        Ok(self.0.execute(statement("DELETE FROM roles WHERE name = ?").bind(role)).await? > 0)
    }

    /// Gives a user these exceptions in place of those before.
    pub async fn set_exceptions(self, user: UserId, exceptions: &[Exception]) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM user_exceptions WHERE user_id = ?").bind(user)).await?;
        for exception in exceptions {
            let insert =
                statement("INSERT INTO user_exceptions (user_id, resource, action, allowed) VALUES (?, ?, ?, ?)")
                    .bind(user)
                    .bind(exception.resource)
                    .bind(exception.action)
                    .bind(exception.allowed);
            self.0.execute(insert).await?;
        }
        Ok(())
    }

    /// Puts a user into these groups and no others.
    pub async fn set_groups(self, user: UserId, groups: &[GroupId]) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM group_members WHERE user_id = ?").bind(user)).await?;
        for group in groups {
            add_member(self.0, *group, user).await?;
        }
        Ok(())
    }

    /// Gives a group these members and no others.
    pub async fn set_members(self, group: GroupId, members: &[UserId]) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM group_members WHERE group_id = ?").bind(group)).await?;
        for user in members {
            add_member(self.0, group, *user).await?;
        }
        Ok(())
    }
}

async fn add_permissions(transaction: &mut Transaction, role: &OwnRole) -> Result<(), StoreError> {
    for (resource, action) in &role.permissions {
        let insert = statement("INSERT INTO role_permissions (role, resource, action) VALUES (?, ?, ?)")
            .bind(&role.role)
            .bind(resource)
            .bind(action);
        transaction.execute(insert).await?;
    }
    Ok(())
}

async fn add_member(transaction: &mut Transaction, group: GroupId, user: UserId) -> Result<(), StoreError> {
    let insert = statement("INSERT INTO group_members (group_id, user_id) VALUES (?, ?)").bind(group).bind(user);
    transaction.execute(insert).await.map(drop)
}
