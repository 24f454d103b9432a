//! Makes every file of `texts` a language of the interface, under the tag that is its name. One that cannot be read does not
//! compile.

use std::{env, fs, io, path::PathBuf};

/// The folder of the catalogues.
const TEXTS: &str = "texts";

/// The language that is always there, and stands first.
const ENGLISH: &str = "en";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={TEXTS}");
    let tags = tags()?;
    let files: Vec<String> = tags
        .iter()
        .map(|tag| format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{TEXTS}/{tag}.toml\"))"))
        .collect();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|error| io::Error::other(format!("OUT_DIR: {error}")))?);
    let count = tags.len();
    fs::write(
        out.join("tags.rs"),
        format!("/// The tag of every language, English first.\nconst TAGS: [&str; {count}] = {tags:?};\n"),
    )?;
    fs::write(
        out.join("catalogues.rs"),
        format!(
            "/// The file of every language, in the order of the tags.\nconst FILES: [&str; {count}] = [{}];\n",
            files.join(", ")
        ),
    )
}

/// The names of the files, without their ending.
fn tags() -> io::Result<Vec<String>> {
    let mut tags = Vec::new();
    for entry in fs::read_dir(TEXTS)? {
        let path = entry?.path();
        // What editors and systems leave beside the files.
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if !is_tag(tag) {
            return Err(io::Error::other(format!("{}: its name is no language tag", path.display())));
        }
        let read = fs::read_to_string(&path)?.parse::<toml::Table>();
        read.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        tags.push(tag.to_owned());
    }
    tags.sort_unstable_by_key(|tag| (tag != ENGLISH, tag.clone()));
    Ok(tags)
}

/// True for a BCP 47 language, and a region behind it where there is one: `fr`, `pt-BR`, `es-419`.
fn is_tag(tag: &str) -> bool {
    let (language, region) = tag.split_once('-').unwrap_or((tag, "XX"));
    let is_region = match region.len() {
        2 => region.bytes().all(|sign| sign.is_ascii_uppercase()),
        3 => region.bytes().all(|sign| sign.is_ascii_digit()),
        _ => false,
    };
    matches!(language.len(), 2 | 3) && language.bytes().all(|sign| sign.is_ascii_lowercase()) && is_region
}
