//! The languages of the interface: one for each file of `texts`.

use serde::{Deserialize, Serialize};

include!(concat!(env!("OUT_DIR"), "/tags.rs"));

/// A language of the interface; English, when nobody says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Locale {
    /// Counted from 0 in [`TAGS`].
    place: usize,
}

/// A tag that no language of the interface has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no language of the interface has this tag")]
pub struct UnknownTag;

impl Locale {
    /// English.
    pub const ENGLISH: Self = Self { place: 0 };

    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TAGS.len()).map(|place| Self { place })
    }

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        TAGS[self.place]
    }

    /// Counted from 0 in the order of [`Self::all`].
    pub fn place(self) -> usize {
        self.place
    }

    /// The language behind this one, and the first behind the last.
    #[must_use]
    pub fn next(self) -> Self {
        Self { place: (self.place + 1) % TAGS.len() }
    }

    /// The language that a tag such as `fr-CA` means, where it is one of ours: its own, or that of another region.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::all()
            .find(|locale| locale.tag().eq_ignore_ascii_case(tag))
            .or_else(|| Self::all().find(|locale| language(locale.tag()) == language(tag)))
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

impl TryFrom<String> for Locale {
    type Error = UnknownTag;

    fn try_from(tag: String) -> Result<Self, UnknownTag> {
        Self::all().find(|locale| locale.tag() == tag).ok_or(UnknownTag)
    }
}

impl From<Locale> for &'static str {
    fn from(locale: Locale) -> Self {
        locale.tag()
    }
}

#[cfg(test)]
impl Locale {
    /// The language that tests compare English with.
    pub(crate) fn french() -> Self {
        Self::from_tag("fr").unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wish_that_we_can_grant_wins() {
        let cases = [
            ("fr-CH, fr;q=0.9, en;q=0.8", Some("fr")),
            ("xx, en;q=0.3, fr;q=0.7", Some("fr")),
            ("en,fr", Some("en")),
            ("fr;q=0, en;q=0.1", Some("en")),
            ("xx", None),
            ("", None),
            (";;q=,,", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Locale::from_accept_language(header).map(Locale::tag), expected, "{header}");
        }
    }

    #[test]
    fn english_comes_first_and_each_language_is_followed_by_another_until_all_were_there() {
        assert_eq!((Locale::ENGLISH.tag(), Locale::default()), ("en", Locale::ENGLISH));
        let mut last = Locale::ENGLISH;
        for locale in Locale::all() {
            assert_eq!(locale, last);
            last = locale.next();
        }
        assert_eq!(last, Locale::ENGLISH);
    }

    #[test]
    fn a_form_names_a_language_by_its_tag() {
        for locale in Locale::all() {
            let tag = serde_json::to_string(&locale).unwrap();
            assert_eq!(tag, format!("\"{}\"", locale.tag()));
            assert_eq!(serde_json::from_str::<Locale>(&tag).unwrap(), locale);
        }
        assert!(serde_json::from_str::<Locale>("\"xx\"").is_err());
    }
}
