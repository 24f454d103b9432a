//! The unique indexes that a caller can run into, told apart on both engines.

/// What is taken already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// Another user has the username, whatever its case.
    Username,
    /// Another group has the tag, whatever its case.
    GroupTag,
    /// The group has a release with the name, whatever its case.
    ReleaseName,
    /// The group has a release of that year with the volume id.
    VolumeId,
    /// The release has a package of that revision.
    PackageRevision,
    /// Another role of the house has the name, whatever its case.
    RoleName,
    /// The refresh token, or one with its sequence, exists.
    RefreshToken,
    /// An identifier, which is never given twice; or a key of no meaning to a caller.
    Other,
}

impl Constraint {
    /// Each constraint that has an index of its own: the table, the index and its columns.
    pub const INDEXES: [(Self, &'static str, &'static str, &'static [&'static str]); 7] = [
        (Self::Username, "users", "users_username", &["username_folded"]),
        (Self::GroupTag, "release_groups", "release_groups_tag", &["tag_folded"]),
        (Self::ReleaseName, "releases", "releases_name", &["group_id", "claimed_name_folded"]),
        (Self::VolumeId, "releases", "releases_volume", &["group_id", "claimed_volume"]),
        (Self::PackageRevision, "packages", "packages_revision", &["release_id", "revision"]),
        (Self::RoleName, "roles", "roles_name", &["name_folded"]),
        (Self::RefreshToken, "refresh_tokens", "refresh_tokens_hash", &["token_hash"]),
    ];

    /// From SQLite's message, which names the columns: `UNIQUE constraint failed: table.column, table.column`.
    pub(crate) fn from_columns(message: &str) -> Self {
        let columns = message.rsplit(": ").next().unwrap_or_default();
        let found = Self::INDEXES.into_iter().find(|(_, table, _, names)| {
            names.iter().map(|name| format!("{table}.{name}")).collect::<Vec<_>>().join(", ") == columns
        });
        found.map_or(Self::Other, |(constraint, ..)| constraint)
    }

    /// From MySQL's message, in which the index is the last quoted text, in every language:
    /// `Duplicate entry '…' for key 'index'`, or `'table.index'` since MySQL 8.
    pub(crate) fn from_index(message: &str) -> Self {
        let key = message.trim_end().trim_end_matches('\'').rsplit('\'').next().unwrap_or_default();
        let index = key.rsplit('.').next().unwrap_or_default();
        let found = Self::INDEXES.into_iter().find(|(_, _, name, _)| *name == index);
        found.map_or(Self::Other, |(constraint, ..)| constraint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_found_whatever_stands_in_the_entry() {
        let message = "Duplicate entry 'x' for key 'users_username'' for key 'releases.releases_name'";
        assert_eq!(Constraint::from_index(message), Constraint::ReleaseName);
        assert_eq!(Constraint::from_index("Duplicate entry 'a' for key 'PRIMARY'"), Constraint::Other);
        assert_eq!(Constraint::from_index(""), Constraint::Other);
    }

    #[test]
    fn the_columns_are_found_in_their_order() {
        let message = "UNIQUE constraint failed: releases.group_id, releases.claimed_volume";
        assert_eq!(Constraint::from_columns(message), Constraint::VolumeId);
        assert_eq!(Constraint::from_columns("UNIQUE constraint failed: users.id"), Constraint::Other);
    }
}
