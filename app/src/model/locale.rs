//! The languages of the interface.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locale {
    /// English, when nobody says otherwise.
    #[default]
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
}

impl Locale {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// The language that a tag such as `fr-CA` means, where it is one of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    /// The first of ours in an `Accept-Language` header, by its weights; equal weights keep their order.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut wishes: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|wish| {
                let mut parts = wish.split(';');
                let locale = Self::from_tag(parts.next()?.trim())?;
                let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
                (weight > 0.0).then_some((weight, locale))
            })
            .collect();
        wishes.sort_by(|left, right| right.0.total_cmp(&left.0));
        wishes.first().map(|(_, locale)| *locale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wish_that_we_can_grant_wins() {
        let cases = [
            ("fr-CH, fr;q=0.9, en;q=0.8", Some(Locale::French)),
            ("de, en;q=0.3, fr;q=0.7", Some(Locale::French)),
            ("en,fr", Some(Locale::English)),
            ("fr;q=0, en;q=0.1", Some(Locale::English)),
            ("de", None),
            ("", None),
            (";;q=,,", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Locale::from_accept_language(header), expected, "{header}");
        }
    }
}
