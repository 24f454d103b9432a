//! What the pages' frame needs to know of the built site: which file is the script, the WASM, the style.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use leptos::config::{Env, LeptosOptions};

use crate::{
    assets::{Assets, EMBEDDED},
    configuration::Configuration,
};

/// The name of the site's files before their hash.
const OUTPUT_NAME: &str = "ebook-scene-packer";

/// The options of the pages' frame for this site.
///
/// The frame looks hashed names up in a file. For a site inside the binary the names come from the binary, and the file
/// is written into `DATA_DIR` under a name of its own for each build.
pub fn options(configuration: &Configuration, assets: &Assets, site: &Path) -> io::Result<LeptosOptions> {
    let file = match assets {
        Assets::Embedded => write_names(&configuration.data_dir)?,
        Assets::Folder(_) | Assets::Missing => beside_binary(),
    };
    let env = if configuration.is_production() { Env::PROD } else { Env::DEV };
    Ok(LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(site.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .site_addr(configuration.bind_addr)
        .reload_port(reload_port().unwrap_or(5001))
        .env(env)
        .hash_files(file.is_some())
        .hash_file(Arc::from(file.unwrap_or_default().to_string_lossy()))
        .build())
}

/// The port of the development server's reload socket, under `cargo leptos watch` only.
pub fn reload_port() -> Option<u32> {
    std::env::var_os("LEPTOS_WATCH")?;
    Some(std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(5001))
}

/// The folder a development build reads the site from.
pub fn folder() -> PathBuf {
    std::env::var_os("LEPTOS_SITE_ROOT").map_or_else(|| PathBuf::from("target/site"), PathBuf::from)
}

/// The list that the builder of the site leaves beside the binary it has built.
fn beside_binary() -> Option<PathBuf> {
    let file = std::env::current_exe().ok()?.parent()?.join("hash.txt");
    file.is_file().then_some(file)
}

fn write_names(data_dir: &Path) -> io::Result<Option<PathBuf>> {
    let Some((names, build)) = hashes(EMBEDDED.iter().map(|file| file.name)) else { return Ok(None) };
    let folder = std::path::absolute(data_dir)?.join("site");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{build}.txt"));
    let mut draft = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut draft, names.as_bytes())?;
    draft.persist(&file)?;
    Ok(Some(file))
}

/// The list `js: HASH`, `wasm: HASH`, `css: HASH` for these files, and a name for the build; `None` when they carry no
/// hashes.
fn hashes<'a>(names: impl Iterator<Item = &'a str>) -> Option<(String, String)> {
    let (mut list, mut build) = (String::new(), String::new());
    for name in names {
        let Some(rest) = name.strip_prefix("pkg/").and_then(|name| name.strip_prefix(OUTPUT_NAME)) else { continue };
        let mut parts = rest.trim_start_matches('.').split('.');
        if let (Some(hash), Some(kind @ ("js" | "wasm" | "css")), None) = (parts.next(), parts.next(), parts.next()) {
            // Writing to a String cannot fail.
            let _ = writeln!(list, "{kind}: {hash}");
            build.push_str(hash);
        }
    }
    (!list.is_empty()).then_some((list, build))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_build_are_read_off_its_files() {
        let files = [
            "favicon.svg",
            "pkg/ebook-scene-packer.Aa.css",
            "pkg/ebook-scene-packer.Aa.css.br",
            "pkg/ebook-scene-packer.Bb.js",
            "pkg/ebook-scene-packer.Cc.wasm",
            "pkg/ebook-scene-packer.Cc.wasm.gz",
        ];
        let (list, build) = hashes(files.into_iter()).unwrap();
        assert_eq!(list, "css: Aa\njs: Bb\nwasm: Cc\n");
        assert_eq!(build, "AaBbCc");
        assert_eq!(hashes(["pkg/ebook-scene-packer.js"].into_iter()), None);
    }
}
