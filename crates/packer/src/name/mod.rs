//! Release names, as parsed values.
//!
//! [`ReleaseName`] is what everything else passes around; the only way to make one is to parse a text. Composing a
//! name from the fields of a release needs tables and belongs to the engine: [`compose`].

mod component;
mod release_name;
mod tag;

#[cfg(feature = "engine")]
pub mod compose;
#[cfg(feature = "engine")]
mod letters;
#[cfg(feature = "engine")]
pub mod of_book;
#[cfg(feature = "engine")]
pub(crate) mod preference;

pub use component::NameComponent;
pub use release_name::{NameError, ReleaseName};
pub use tag::{Mark, Tag, TagError};
