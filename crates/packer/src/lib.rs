#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod date;
pub mod finding;
pub mod format;
pub mod group;
pub mod hash;
pub mod kind;
pub mod metadata;
pub mod name;
pub mod rights;
pub mod transliterate;
pub mod volume_id;

#[cfg(feature = "engine")]
pub mod archive;
#[cfg(feature = "engine")]
pub mod bag;
#[cfg(any(test, feature = "builder"))]
pub mod builder;
#[cfg(feature = "engine")]
pub mod cbz;
#[cfg(feature = "engine")]
pub mod checks;
#[cfg(feature = "engine")]
pub mod container;
#[cfg(feature = "engine")]
pub mod directory;
#[cfg(feature = "engine")]
pub mod epub;
#[cfg(feature = "engine")]
pub mod explanation;
#[cfg(feature = "engine")]
pub mod fix;
#[cfg(feature = "engine")]
pub mod identifiers;
#[cfg(feature = "engine")]
pub mod identify;
#[cfg(feature = "engine")]
pub mod image;
#[cfg(feature = "engine")]
pub mod info;
#[cfg(feature = "engine")]
pub mod inspect;
#[cfg(feature = "engine")]
pub mod language;
#[cfg(feature = "engine")]
pub mod limits;
#[cfg(feature = "engine")]
pub mod manifest;
#[cfg(feature = "engine")]
mod markup;
#[cfg(feature = "engine")]
pub mod mobi;
#[cfg(feature = "engine")]
pub mod overrides;
// Threads and a file system: a browser has neither.
#[cfg(all(feature = "engine", not(target_family = "wasm")))]
pub mod pack;
#[cfg(feature = "engine")]
pub mod pdf;
#[cfg(feature = "engine")]
pub mod plan;
#[cfg(feature = "engine")]
mod planned_files;
#[cfg(feature = "engine")]
pub mod prepare;
#[cfg(feature = "engine")]
pub mod profile;
#[cfg(feature = "engine")]
pub mod report;
#[cfg(feature = "engine")]
pub mod resolve;
#[cfg(feature = "engine")]
pub mod seeking;
#[cfg(feature = "engine")]
pub mod signing;
#[cfg(feature = "engine")]
pub mod sums;
#[cfg(feature = "engine")]
pub mod verify;
pub mod watch;
#[cfg(feature = "engine")]
pub mod xml;
#[cfg(feature = "engine")]
pub mod zip;
