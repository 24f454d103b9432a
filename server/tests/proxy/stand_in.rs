//! Programs that stand in for others, and scripts whose folders lie elsewhere.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// Writes a program.
pub(crate) fn program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The path on which the programs in `folder` come first.
pub(crate) fn path_with(folder: &Path) -> String {
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

/// A script of a container, with other folders in the place of those that it has there.
pub(crate) fn moved(script: &str, to: &Path, folders: &[(&str, &Path)]) {
    let mut text = fs::read_to_string(script).unwrap();
    for (there, here) in folders {
        assert!(text.contains(there), "{script} does not speak of {there}");
        text = text.replace(there, &here.display().to_string());
    }
    program(to, &text);
}
