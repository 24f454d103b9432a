//! The profiles that come with the product.

use std::sync::LazyLock;

use super::Profile;

/// Each by its name; one that nobody asks for is not read.
static BUILT_INS: [(&str, LazyLock<Profile>); 3] = [
    ("scene-ebook", LazyLock::new(|| parse(include_str!("../../profiles/scene-ebook.toml")))),
    ("plain", LazyLock::new(|| parse(include_str!("../../profiles/plain.toml")))),
    ("bagit", LazyLock::new(|| parse(include_str!("../../profiles/bagit.toml")))),
];

fn parse(text: &str) -> Profile {
    Profile::parse(text, "built in").expect("the texts are constants, and a test parses them")
}

impl Profile {
    /// The profiles that come with the product; the first is the default.
    pub fn built_ins() -> impl Iterator<Item = &'static Self> {
        BUILT_INS.iter().map(|(_, profile)| &**profile)
    }

    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        BUILT_INS.iter().find(|(known, _)| *known == name).map(|(_, profile)| &**profile)
    }
}
