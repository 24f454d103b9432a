//! Makes the words of findings a table: whoever asks for one reads nothing, and a text that is wrong does not compile.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// The folder of every language, by its tag.
const TEXTS: &str = "texts";

/// The language that is always there, and stands first.
const ENGLISH: &str = "en";

/// Everything that is told of one code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    message: String,
    why: String,
    fix: String,
    #[serde(default)]
    problems: BTreeMap<String, String>,
}

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={TEXTS}");
    let mut source =
        "/// Every language by its tag, English first; every code, sorted, with its page.\nstatic LANGUAGES: &[(&str, &[(&str, Page)])] = &[".to_owned();
    for tag in tags()? {
        write_language(&mut source, &tag, &pages(&Path::new(TEXTS).join(&tag))?);
    }
    source.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(|error| io::Error::other(format!("OUT_DIR: {error}")))?;
    fs::write(PathBuf::from(out).join("texts.rs"), source)
}

/// The tags of the languages that the features ask for.
fn tags() -> io::Result<Vec<String>> {
    let mut tags = vec![ENGLISH.to_owned()];
    if env::var_os("CARGO_FEATURE_LANGUAGES").is_some() {
        let mut others = Vec::new();
        for entry in fs::read_dir(TEXTS)? {
            let entry = entry?;
            // Systems leave files beside the folders.
            if entry.file_type()?.is_dir() {
                others.extend(entry.file_name().to_str().filter(|tag| *tag != ENGLISH).map(str::to_owned));
            }
        }
        others.sort_unstable();
        tags.append(&mut others);
    }
    Ok(tags)
}

/// The pages of one language, by code.
fn pages(folder: &Path) -> io::Result<BTreeMap<String, Page>> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let wrong = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", path.display()));
        let more: BTreeMap<String, Page> =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| wrong(&error))?;
        for (code, page) in more {
            if pages.insert(code.clone(), page).is_some() {
                return Err(wrong(&format!("{code} stands in two files")));
            }
        }
    }
    Ok(pages)
}

/// Writing to a String cannot fail.
fn write_language(source: &mut String, tag: &str, pages: &BTreeMap<String, Page>) {
    let _ = writeln!(source, "({tag:?}, &[");
    for (code, page) in pages {
        let problems: Vec<(&String, &String)> = page.problems.iter().collect();
        let Page { message, why, fix, .. } = page;
        let _ = writeln!(
            source,
            "({code:?}, Page {{ message: {message:?}, why: {why:?}, fix: {fix:?}, problems: &{problems:?} }}),"
        );
    }
    source.push_str("]),\n");
}
