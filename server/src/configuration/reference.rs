//! The page `docs/reference/configuration.md`, written from the table of variables.

use std::fmt::Write as _;

use super::variables::VARIABLES;

/// The whole page. `ebook-scene-packer doctor --reference` prints it; a test keeps the file in step.
pub fn page() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         <!-- Generated: `ebook-scene-packer doctor --reference > docs/reference/configuration.md` -->\n\n\
         Read from the environment once, at start. Each variable can also be given as `NAME_FILE`, the path of a file that \
         holds the value; a line feed at its end is left out. `NAME` and `NAME_FILE` both set, or two variables that contradict \
         each other: the server refuses to start and says which. An empty variable counts as not \
         set, and so does an empty file.\n\n\
         `ebook-scene-packer doctor` lists the values in force and checks them.\n\n\
         | variable | default | meaning |\n| --- | --- | --- |\n",
    );
    for variable in VARIABLES {
        let mark = if variable.secret { " (secret)" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{}`{mark} | {} | {} |", variable.name, variable.default, variable.meaning);
    }
    page.push_str(
        "\n## Secrets\n\n\
         On the embedded database outside production a missing `JWT_SECRET_KEY` is made and kept in \
         `DATA_DIR/secrets/jwt-secret-key` (mode 0600). In production, and with MySQL, it is required. In production values that are \
         short or stand in documents (`changeme…`) are refused; in development they are noticed.\n",
    );
    page
}
