//! Puts the built site into the binary of a release build.
//!
//! `cargo leptos build --release --precompress` makes the site before it compiles the server. Without a built site
//! the table is empty, and `serve` says what is missing. A development build reads the site from disk.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LEPTOS_SITE_ROOT");
    let out = PathBuf::from(required("OUT_DIR")?);
    let mut files = Vec::new();
    if required("PROFILE")? == "release" {
        let workspace = PathBuf::from(required("CARGO_MANIFEST_DIR")?).join("..");
        let site = workspace.join(env::var("LEPTOS_SITE_ROOT").unwrap_or_else(|_| "target/site".to_owned()));
        // Missing, it makes cargo ask again at the next build; present, it is watched as a whole.
        println!("cargo:rerun-if-changed={}", site.display());
        if site.join("pkg").is_dir() {
            collect(&site, &site, &mut files)?;
        }
    }
    files.sort();
    fs::write(out.join("site.rs"), table(&files)?)
}

fn required(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

fn collect(site: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(site, &path, files)?;
        } else if let Some(name) = path.strip_prefix(site).ok().and_then(Path::to_str) {
            files.push((name.to_owned(), path.canonicalize()?));
        }
    }
    Ok(())
}

fn table(files: &[(String, PathBuf)]) -> io::Result<String> {
    let mut source = String::from("/// Every file of the site.\npub const EMBEDDED: &[EmbeddedFile] = &[\n");
    // Writing to a String cannot fail.
    for (name, path) in files {
        let digest = Sha256::digest(fs::read(path)?);
        let mut tag = String::new();
        for byte in digest.iter().take(16) {
            let _ = write!(tag, "{byte:02x}");
        }
        let path = path.to_str().ok_or_else(|| io::Error::other("the path of the site is not UTF-8"))?;
        // Writing to a String cannot fail.
        let _ =
            writeln!(source, "    EmbeddedFile {{ name: {name:?}, tag: {tag:?}, bytes: include_bytes!({path:?}) }},");
    }
    source.push_str("];\n");
    Ok(source)
}
