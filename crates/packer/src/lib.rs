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
pub mod volume_id;

#[cfg(any(test, feature = "builder"))]
pub mod builder;
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
pub mod identify;
#[cfg(feature = "engine")]
pub mod inspect;
#[cfg(feature = "engine")]
pub mod limits;
#[cfg(feature = "engine")]
pub mod plan;
#[cfg(feature = "engine")]
pub mod profile;
#[cfg(feature = "engine")]
pub mod watch;
#[cfg(feature = "engine")]
pub mod xml;
#[cfg(feature = "engine")]
pub mod zip;
