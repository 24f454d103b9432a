//! From a book and what a person says to a release: names, profiles, info files, plans.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod desk;
mod info_files;
mod names;
mod plans;
mod profiles;
mod properties;
mod reference;
mod speed;
mod texts;
