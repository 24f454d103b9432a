//! EPUB 2 and 3: what is read from a book, one document in memory at a time.

pub mod clock;
pub mod collection;
pub mod container_file;
pub mod content;
pub mod cover;
pub mod css;
pub mod date;
pub mod encryption;
pub mod fallback;
pub mod markup;
pub mod metadata;
pub mod navigation;
pub mod overlays;
pub mod package;
mod profile;
pub mod protection;
pub mod publication;
mod reader;
pub mod relators;
pub mod renditions;
mod single;
pub mod url;
pub mod viewport;
pub mod words;

pub use profile::EpubProfile;
pub use publication::Publication;
pub(crate) use reader::inspect;
pub use single::{Demands, DocumentKind, Version};
pub(crate) use single::{Document, inspect as inspect_single};
