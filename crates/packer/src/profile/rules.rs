//! Rules for the files of a package, and what blocks packing.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{archive::rar::VolumeLayout, finding::Severity, info::template};

/// How the NFO's text becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// The code page of the IBM PC, for viewers that know block art.
    Cp437,
    /// UTF-8, without a mark at its start.
    #[serde(rename = "utf-8")]
    Utf8,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnd {
    /// Carriage return and line feed.
    Crlf,
    /// Line feed.
    Lf,
}

impl NfoRules {
    /// The template that is followed: one's own, else the built-in one.
    pub fn template_text(&self) -> &str {
        self.text.as_deref().or_else(|| template::built_in_nfo(&self.template)).unwrap_or_default()
    }
}

impl DizRules {
    /// The template that is followed: one's own, else the built-in one.
    pub fn template_text(&self) -> &str {
        self.text.as_deref().or_else(|| template::built_in_diz(&self.template)).unwrap_or_default()
    }
}

impl LineEnd {
    /// The characters.
    pub fn text(self) -> &'static str {
        match self {
            Self::Crlf => "\r\n",
            Self::Lf => "\n",
        }
    }
}

/// Something that an NFO must state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statement {
    /// The release date.
    ReleaseDate,
    /// The date, or at least the year, of the publication.
    PublicationDate,
    /// The language.
    Language,
    /// The source.
    Source,
    /// An author, else the publisher, else `Anonymous`.
    AuthorOrPublisher,
    /// The number of a magazine or comic, where the release has one.
    Issue,
    /// The rights basis, with its note.
    Rights,
    /// The release that is corrected, where there is one.
    Corrects,
}

impl Statement {
    /// Every statement.
    pub const ALL: [Self; 8] = [
        Self::ReleaseDate,
        Self::PublicationDate,
        Self::Language,
        Self::Source,
        Self::AuthorOrPublisher,
        Self::Issue,
        Self::Rights,
        Self::Corrects,
    ];

    /// The word, as a profile writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReleaseDate => "release-date",
            Self::PublicationDate => "publication-date",
            Self::Language => "language",
            Self::Source => "source",
            Self::AuthorOrPublisher => "author-or-publisher",
            Self::Issue => "issue",
            Self::Rights => "rights",
            Self::Corrects => "corrects",
        }
    }
}

/// Rules of the NFO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NfoRules {
    /// The name of a built-in template.
    #[serde(deserialize_with = "nfo_template")]
    pub template: String,
    /// A template of one's own, which stands in the place of the built-in one; at most 64 KiB.
    #[serde(default, deserialize_with = "own_template", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How text becomes bytes.
    pub encoding: Encoding,
    /// What ends a line.
    pub line_end: LineEnd,
    /// The most columns of a line, 40 to 80.
    #[serde(deserialize_with = "nfo_columns")]
    pub columns: usize,
    /// What it must state.
    #[serde(default)]
    pub states: Vec<Statement>,
}

/// Rules of the DIZ, which is ASCII with CRLF always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DizRules {
    /// The name of a built-in template.
    #[serde(deserialize_with = "diz_template")]
    pub template: String,
    /// A template of one's own, which stands in the place of the built-in one; at most 64 KiB.
    #[serde(default, deserialize_with = "own_template", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The most columns of a line, 20 to 44.
    #[serde(deserialize_with = "diz_columns")]
    pub columns: usize,
    /// The most lines, 2 to 30.
    #[serde(deserialize_with = "diz_lines")]
    pub lines: usize,
}

/// Rules of the volumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VolumeRules {
    /// Sizes in bytes, rising: the first that needs few enough volumes is taken.
    #[serde(deserialize_with = "volume_sizes")]
    pub sizes: Vec<u64>,
    /// The most volumes, 1 to 99.
    #[serde(deserialize_with = "most_volumes")]
    pub most: u32,
}

/// What a bag becomes, to be one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Serialization {
    /// A ZIP that stores its files as they are.
    Zip,
    /// A tar, as POSIX has it.
    Tar,
}

impl Serialization {
    /// The extension of the file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }
}

/// Rules of the bag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BagRules {
    /// What it becomes.
    pub serialization: Serialization,
}

/// What keeps a release from being packed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Blocking {
    /// Findings of these severities.
    pub severities: Vec<Severity>,
    /// Findings of these codes.
    pub codes: Vec<String>,
}

pub(super) fn profile_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=40).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(name)
    } else {
        Err(D::Error::custom(format_args!("the name of a profile is 1 to 40 of a-z, 0-9 and -, not `{name}`")))
    }
}

pub(super) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    between(u32::deserialize(deserializer)?, 1, u32::MAX)
}

fn nfo_columns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    between(usize::deserialize(deserializer)?, 40, 80)
}

fn diz_columns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    between(usize::deserialize(deserializer)?, 20, 44)
}

fn diz_lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    between(usize::deserialize(deserializer)?, 2, 30)
}

fn most_volumes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    between(u32::deserialize(deserializer)?, 1, VolumeLayout::MOST_VOLUMES)
}

fn volume_sizes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let sizes = Vec::<u64>::deserialize(deserializer)?;
    if sizes.is_empty() || sizes.len() > 32 || !sizes.windows(2).all(|pair| pair[0] < pair[1]) {
        return Err(D::Error::custom("the sizes are 1 to 32 numbers, each larger than the one before"));
    }
    // A ZIP of one volume must stay below 4 GiB to be read by everything that reads its DOS name.
    sizes.into_iter().map(|size| between(size, 10_000, 4_000_000_000)).collect()
}

fn nfo_template<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    built_in_template(deserializer, |name| template::built_in_nfo(name).is_some())
}

fn diz_template<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    built_in_template(deserializer, |name| template::built_in_diz(name).is_some())
}

/// The syntax is looked at where the template is used: there a mistake has its line in the template itself.
fn own_template<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.len() > template::LONGEST_TEMPLATE {
        let length = text.len();
        return Err(D::Error::custom(format_args!(
            "a template has at most {} bytes, not {length}",
            template::LONGEST_TEMPLATE
        )));
    }
    Ok(Some(text))
}

fn built_in_template<'de, D: Deserializer<'de>>(
    deserializer: D,
    exists: impl Fn(&str) -> bool,
) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if exists(&name) { Ok(name) } else { Err(D::Error::custom(format_args!("there is no template `{name}`"))) }
}

fn between<T: PartialOrd + std::fmt::Display + Copy, E: Error>(value: T, least: T, most: T) -> Result<T, E> {
    if value < least || value > most {
        return Err(E::custom(format_args!("{value} is not between {least} and {most}")));
    }
    Ok(value)
}
