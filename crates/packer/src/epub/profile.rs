//! EPUB's own profiles: what a publication must be beside a book.

use super::package::{Item, Package};

/// By which profile of EPUB a publication is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EpubProfile {
    /// The one that the publication itself says by `dc:type`, else none.
    #[default]
    Default,
    /// EPUB Dictionaries and Glossaries 1.0.
    Dictionary,
    /// The EDUPUB profile of EPUB 3.
    Edupub,
    /// EPUB Indexes 1.0.
    Index,
    /// EPUB Previews 1.0.
    Preview,
}

impl EpubProfile {
    /// Every profile that a publication can say that it follows.
    const DECLARED: [Self; 4] = [Self::Dictionary, Self::Edupub, Self::Index, Self::Preview];

    /// The value of `dc:type` that says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::Dictionary => "dictionary",
            Self::Edupub => "edupub",
            Self::Index => "index",
            Self::Preview => "preview",
        }
    }

    /// This one, else the one that the publication says. EPUB 2 has none of them.
    pub(super) fn or_declared(self, package: &Package) -> Self {
        let declared = || Self::DECLARED.into_iter().find(|profile| package.has_type(profile.word()));
        match self {
            _ if package.is_epub2() => Self::Default,
            Self::Default => declared().unwrap_or_default(),
            asked => asked,
        }
    }

    /// By which one a content document of a publication is judged that is itself judged by this one: its demands are for
    /// what is read through, and those of EDUPUB for what has no layout of its own.
    pub(super) fn of_document(self, item: &Item, package: &Package) -> Self {
        if item.has_property("nav") {
            return Self::Default;
        }
        let is_indexed = || {
            let indexes = package.collections.iter().filter(|one| one.has_role("index") || one.has_role("index-group"));
            indexes.into_iter().flat_map(|one| &one.links).any(|link| link.path == item.path && item.path.is_some())
        };
        if item.has_property("index") || is_indexed() {
            return Self::Index;
        }
        let mut places = package.spine.iter().filter(|place| place.id.is_some() && place.id == item.id);
        match self {
            Self::Edupub | Self::Index if !places.any(|place| place.is_linear) => Self::Default,
            Self::Edupub if package.is_fixed_layout() => Self::Default,
            profile => profile,
        }
    }
}
