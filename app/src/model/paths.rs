//! The addresses that pages and islands link to, each in one place.

/// The overview of releases, and what needs whoever looks.
pub const HOME: &str = "/";
/// The list of releases.
pub const RELEASES: &str = "/releases";
/// The list of releases, with the focus in its search.
pub const SEARCH: &str = "/releases#search";
/// The same as a table for other programs.
pub const RELEASES_CSV: &str = "/api/v1/releases.csv";
/// One's own releases that are packed, the last changed first.
pub const OWN_PACKED: &str = "/releases?status=packed&mine=1";
/// The jobs that failed.
pub const JOBS_FAILED: &str = "/jobs?state=failed";
/// The list of jobs.
pub const JOBS: &str = "/jobs";
/// Where books are dropped.
pub const NEW: &str = "/new";
/// Books that contributors sent in.
pub const INBOX: &str = "/inbox";
/// The people.
pub const USERS: &str = "/users";
/// The groups.
pub const GROUPS: &str = "/groups";
/// The roles.
pub const ROLES: &str = "/roles";
/// What was changed by whom.
pub const AUDIT: &str = "/audit";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Where one enters a one-time code.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// The same with the batch as a table.
pub const NEW_TABLE: &str = "/new?view=table";
/// Every code that a finding can have.
pub const FINDINGS: &str = "/findings";
/// The first steps in three cards.
pub const TOUR: &str = "/tour";
/// The list of profiles.
pub const PROFILES: &str = "/profiles";
/// Where packages are verified.
pub const VERIFY: &str = "/verify";
/// Where somebody who has lost their password asks for a letter.
pub const FORGOTTEN: &str = "/forgotten";
/// A new password, by a link.
pub const RESET: &str = "/reset";
/// Where an address is confirmed, by a link.
pub const CONFIRM_EMAIL: &str = "/confirm-email";
/// Where anybody with a link compares a package with what was released.
pub const VERIFY_RELEASE: &str = "/verify/release";
/// What the house decides for itself, and what the process was told.
pub const SETTINGS: &str = "/settings";
/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Where the server says that it is there.
pub const ALIVE: &str = "/api/health/live";
/// The stream of events.
pub const EVENTS: &str = "/api/v1/events";

/// A release's page.
pub fn release(id: &str) -> String {
    format!("/releases/{id}")
}

/// Where a release is reviewed before it is packed.
pub fn review(id: &str) -> String {
    format!("/releases/{id}/review")
}

/// The cover of a release's book.
pub fn cover(release: &str) -> String {
    format!("/api/v1/releases/{release}/cover")
}

/// The same small, for lists.
pub fn small_cover(release: &str) -> String {
    format!("/api/v1/releases/{release}/cover/small")
}

/// What was changed in one thing, and by whom.
pub fn audit_of(subject: &str) -> String {
    format!("{AUDIT}?subject={subject}")
}

/// A person's page.
pub fn user(id: &str) -> String {
    format!("/users/{id}")
}

/// A job's page.
pub fn job(id: &str) -> String {
    format!("/jobs/{id}")
}

/// The page of a finding's code.
pub fn finding(code: &str) -> String {
    format!("{FINDINGS}/{code}")
}

/// The whole package in one archive.
pub fn archive(package: &str) -> String {
    format!("/api/v1/packages/{package}/archive")
}

/// One file of a package.
pub fn package_file(package: &str, position: u32) -> String {
    format!("/api/v1/packages/{package}/files/{position}")
}

/// An address with one more value in its query.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{name}={value}")
}

/// A profile's page.
pub fn profile(name: &str) -> String {
    format!("{PROFILES}/{name}")
}

/// Where the next version of a profile is written.
pub fn edit_profile(name: &str) -> String {
    format!("{PROFILES}/{name}/edit")
}

/// Where a profile of one's own begins as a copy of another.
pub fn new_profile(from: &str) -> String {
    format!("{PROFILES}/new?from={from}")
}

/// What a link shows of a release to whoever has it.
pub fn published(token: &str) -> String {
    format!("{VERIFY_RELEASE}?link={token}")
}

/// True for a path of this site that one may be sent back to: it begins with one slash and names no other host.
pub fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_back_to_another_host() {
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "", "releases", "/a\r\nSet-Cookie: b"]
        {
            assert!(!is_local(path), "{path}");
        }
        assert!(is_local("/releases?status=packed"));
    }

    #[test]
    fn a_query_gets_one_more_value() {
        assert_eq!(with("/releases", "done", "x"), "/releases?done=x");
        assert_eq!(with("/releases?q=a", "done", "x"), "/releases?q=a&done=x");
    }
}
