//! The form in which the house's settings are changed.

use serde::{Deserialize, Serialize};

/// How long what is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepingFields {
    /// Hours of an upload that nobody goes on with.
    pub upload_hours: u32,
    /// Days of a job that ended.
    pub job_days: u32,
    /// Days of an entry of the audit log.
    pub audit_days: u32,
    /// Days of the source of a packed release; 0 for as long as nobody deletes it.
    pub source_days: u32,
    /// Days of a package; 0 for as long as nobody deletes it.
    pub package_days: u32,
}

/// A change, with what the person saw before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepingForm {
    /// What is wanted.
    pub wanted: KeepingFields,
    /// What was there.
    pub seen: KeepingFields,
}
