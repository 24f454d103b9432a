//! Makes the words of findings a table: whoever asks for one reads nothing, and a text that is wrong does not compile.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// Each language, in the folder of its tag, with the name of its table and the feature that it needs.
const LANGUAGES: [(&str, &str, Option<&str>); 2] = [("en", "ENGLISH", None), ("fr", "FRENCH", Some("FRENCH"))];

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
    println!("cargo:rerun-if-changed=texts");
    let mut source = String::new();
    for (tag, table, feature) in LANGUAGES {
        if feature.is_some_and(|feature| env::var_os(format!("CARGO_FEATURE_{feature}")).is_none()) {
            continue;
        }
        write_table(&mut source, table, &pages(&Path::new("texts").join(tag))?);
    }
    let out = env::var("OUT_DIR").map_err(|error| io::Error::other(format!("OUT_DIR: {error}")))?;
    fs::write(PathBuf::from(out).join("texts.rs"), source)
}

/// The pages of one language, by code.
fn pages(folder: &Path) -> io::Result<BTreeMap<String, Page>> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
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
fn write_table(source: &mut String, table: &str, pages: &BTreeMap<String, Page>) {
    let _ = writeln!(source, "/// Every code, sorted, with its page.\nstatic {table}: &[(&str, Page)] = &[");
    for (code, page) in pages {
        let problems: Vec<(&String, &String)> = page.problems.iter().collect();
        let Page { message, why, fix, .. } = page;
        let _ = writeln!(
            source,
            "({code:?}, Page {{ message: {message:?}, why: {why:?}, fix: {fix:?}, problems: &{problems:?} }}),"
        );
    }
    let _ = writeln!(source, "];");
}
