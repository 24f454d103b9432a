//! The use cases: who may do what, in which order, in which transaction. The only door to the data for the server
//! and for the bodies of server functions.
#![warn(missing_docs)]

pub mod accounts;
pub mod actor;
pub mod blobs;
pub mod events;
pub mod failure;
pub mod groups;
pub mod health;
pub mod housekeeping;
pub mod jobs;
pub mod packages;
pub mod page;
pub mod permissions;
pub mod profiles;
pub mod releases;
pub mod services;
pub mod settings;
pub mod uploads;
pub mod views;
pub mod worker;

pub use cache::{Cache, Capacity, Clock, SystemClock};
pub use secrecy::{ExposeSecret, SecretString};
pub use store::{
    BookId, DatabaseLocation, GroupId, JobId, PackageId, ReleaseId, SessionId, Store, Timestamp, UploadId, UserId,
};

pub use crate::{
    accounts::{Accounts, Client, NewAdministrator, NewUser, SetupToken, SignedIn, UserSummary},
    actor::{Actor, Role},
    blobs::{BlobError, Blobs, ByteStream},
    events::{Event, Events, Topic},
    failure::{Data, Failure, FailureKind, FieldProblem},
    groups::{Group, Groups},
    health::{Health, HealthCheck, Status as HealthStatus},
    housekeeping::Housekeeping,
    jobs::{Job, JobFailure, JobKind, JobQuery, JobState, Jobs, LogLevel, LogLine, Progress},
    packages::{Package, PackageArchive, PackageFile, PackageSummary, Packages},
    page::{Cursor, Page},
    permissions::{Action, Resource},
    profiles::{ProfileSummary, ProfileView, Profiles, SavedVersion},
    releases::{
        Book, BookCover, Cover, Draft, Edit, FieldChange, Overview, Preview, Problem, Refusal, Release, ReleaseQuery,
        ReleaseSummary, Releases, RightsInput, Sort, Status,
    },
    services::Services,
    settings::Settings,
    uploads::{NewUpload, Upload, UploadState, Uploads},
    views::{SavedView, Views},
    worker::Worker,
};
