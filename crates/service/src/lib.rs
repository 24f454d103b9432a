//! The use cases: who may do what, in which order, in which transaction. The only door to the data for the server
//! and for the bodies of server functions.
#![warn(missing_docs)]

pub mod accounts;
pub mod actor;
pub mod audit;
pub mod blobs;
pub mod events;
pub mod failure;
pub mod freshness;
pub mod groups;
pub mod health;
pub mod house;
pub mod housekeeping;
pub mod inbox;
pub mod jobs;
pub mod letters;
mod memory;
mod old_packages;
pub mod packages;
pub mod page;
pub mod permissions;
pub mod profiles;
pub mod quotas;
pub mod releases;
pub mod request;
pub mod roles;
mod sealing;
pub mod services;
pub mod settings;
mod sources;
pub mod staging;
pub mod thumbnail;
pub mod uploads;
pub mod verify_links;
pub mod views;
pub mod withdrawals;
pub mod worker;

pub use cache::{Cache, CacheError, Capacity, Clock, RedisLocation, SystemClock};
pub use secrecy::{ExposeSecret, SecretString};
pub use store::{
    AuditId, BookId, DatabaseLocation, GroupId, InboxId, JobId, PackageId, ReleaseId, SessionId, Store, Timestamp,
    TokenId, UploadId, UserId,
    api_tokens::{ApiToken, TokenScope},
    profiles::ProfileDraft,
};

pub use crate::{
    accounts::{
        Accounts, Client, CodesToBe, Device, EmailChange, KeyFit, NewAdministrator, NewToken, NewUser, OwnEmail,
        RecoveryCodes, ResetLink, RightsChange, Rotation, SecondFactor, SetupToken, SignIn, SignedIn, UserDetails,
        UserSummary, household,
    },
    actor::{Actor, Means, Role},
    audit::{Audit, AuditAction, AuditEntry, AuditQuery},
    blobs::{BlobError, BlobLocation, Blobs, ByteStream, S3Location, sync_folders},
    events::{Event, Events, Topic},
    failure::{Data, Failure, FailureKind, FieldProblem},
    groups::{Group, GroupWithMembers, Groups, Member},
    health::{Health, HealthCheck, Status as HealthStatus},
    house::{House, Keeping, Outlook},
    housekeeping::Housekeeping,
    inbox::{Inbox, InboxEntry, InboxQuery, InboxState},
    jobs::{
        BatchProgress, Job, JobFailure, JobKind, JobQuery, JobState, Jobs, LogLevel, LogLine, ManyJobs, PackageCheck,
        Progress, VolumesCheck, WrongFile,
    },
    letters::{Letters, Message, Outgoing},
    packages::{Package, PackageArchive, PackageFile, PackageSummary, Packages},
    page::{Cursor, Page, Total},
    permissions::{Action, Exception, Grants, Resource},
    profiles::{ProfileSummary, ProfileView, Profiles, SavedVersion},
    quotas::{Quotas, Room},
    releases::{
        Book, BookCover, Cover, CoverFound, CoverSize, Draft, Duplicate, Edit, FieldChange, Others, Overview, Preview,
        Problem, Refusal, Release, ReleaseQuery, ReleaseSummary, Releases, Revision, RightsInput, Sort, Standing,
        Status,
    },
    roles::{RoleSummary, Roles},
    services::Services,
    settings::{Settings, Told, ToldFrom},
    staging::Staging,
    uploads::{NewUpload, Upload, UploadState, Uploads},
    verify_links::{Published, VerifyLink, VerifyLinks},
    views::{SavedView, Views},
    withdrawals::{Withdrawal, Withdrawals},
    worker::Worker,
};
