#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod cell;
mod connection;
mod constraint;
mod error;
mod fold;
mod location;
mod migration;
mod placeholders;
mod replica;
mod row;
mod statement;
mod store;
mod timestamp;
mod transaction;
mod word;

pub mod api_tokens;
pub mod audit;
pub mod blobs;
pub mod books;
pub mod copy;
pub mod email_links;
pub mod groups;
pub mod house_settings;
pub mod id;
pub mod inbox;
pub mod jobs;
pub mod letters;
pub mod old_packages;
pub mod packages;
pub mod permissions;
pub mod profiles;
pub mod quotas;
pub mod releases;
pub mod reset_links;
pub mod saved_views;
pub mod second_factors;
pub mod sessions;
pub mod setup_links;
pub mod sources;
pub mod statistics;
pub mod terms;
pub mod uploads;
pub mod users;
pub mod verify_links;
pub mod withdrawals;

pub use constraint::Constraint;
pub use error::StoreError;
pub use fold::fold;
pub use id::{
    AuditId, AuditIds, BookId, GroupId, IdError, InboxId, JobId, LetterId, NodeId, PackageId, ReleaseId, SessionId,
    TokenId, UploadId, UserId,
};
pub use location::{DatabaseLocation, LocationError};
pub use migration::{MigrationError, SchemaState};
pub use replica::{LONGEST_LAG, ReplicaState};
pub use store::{Engine, Store};
pub use timestamp::Timestamp;
pub use transaction::Transaction;
pub use word::WordError;
