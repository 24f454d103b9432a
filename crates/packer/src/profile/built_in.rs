//! The profiles that come with the product.

use std::sync::LazyLock;

use super::Profile;

static BUILT_INS: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let sources = [
        ("scene-ebook.toml", include_str!("../../profiles/scene-ebook.toml")),
        ("plain.toml", include_str!("../../profiles/plain.toml")),
        ("bagit.toml", include_str!("../../profiles/bagit.toml")),
    ];
    let parse = |(file_name, text)| Profile::parse(text, file_name);
    sources.map(|source| parse(source).expect("the texts are constants, and a test parses them")).into()
});

impl Profile {
    /// The profiles that come with the product; the first is the default.
    pub fn built_ins() -> &'static [Self] {
        &BUILT_INS
    }

    /// The built-in profile of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        BUILT_INS.iter().find(|profile| profile.name == name)
    }
}
