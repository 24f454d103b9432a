//! The profiles that come with the product.

use std::sync::LazyLock;

use super::Profile;

/// A profile of the product: its name, its text, and what the text says.
struct BuiltIn {
    name: &'static str,
    text: &'static str,
    /// One that nobody asks for is not read.
    profile: LazyLock<Profile>,
}

static BUILT_INS: [BuiltIn; 3] = [
    BuiltIn {
        name: "scene-ebook",
        text: include_str!("../../profiles/scene-ebook.toml"),
        profile: LazyLock::new(|| parse(include_str!("../../profiles/scene-ebook.toml"))),
    },
    BuiltIn {
        name: "plain",
        text: include_str!("../../profiles/plain.toml"),
        profile: LazyLock::new(|| parse(include_str!("../../profiles/plain.toml"))),
    },
    BuiltIn {
        name: "bagit",
        text: include_str!("../../profiles/bagit.toml"),
        profile: LazyLock::new(|| parse(include_str!("../../profiles/bagit.toml"))),
    },
];

fn parse(text: &str) -> Profile {
    Profile::parse(text, "built in").expect("the texts are constants, and a test parses them")
}

impl Profile {
    /// The profiles that come with the product; the first is the default.
    pub fn built_ins() -> impl Iterator<Item = &'static Self> {
        BUILT_INS.iter().map(|known| &*known.profile)
    }

    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        BUILT_INS.iter().find(|known| known.name == name).map(|known| &*known.profile)
    }

    /// Its text as it was written, with the comments.
    pub fn built_in_text(name: &str) -> Option<&'static str> {
        BUILT_INS.iter().find(|known| known.name == name).map(|known| known.text)
    }
}
