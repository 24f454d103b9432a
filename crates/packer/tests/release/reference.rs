//! `docs/reference/findings.md` is made from the texts: what is wrong, why it matters, how it is put right, by code.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use packer::{
    checks::{CONTAINER_RULES, RULES},
    explanation::{Language, codes, page},
};

/// Set by `cargo xtask reference`: the file is written, not compared.
const WRITE: &str = "WRITE_REFERENCE";

#[test]
fn the_reference_of_findings_says_what_the_texts_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/findings.md");
    let text = reference();
    if std::env::var_os(WRITE).is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "docs/reference/findings.md is not what the texts say: `cargo xtask reference` writes it");
}

fn reference() -> String {
    let usual: BTreeMap<_, _> = RULES
        .iter()
        .map(|rule| (rule.code, rule.severity))
        .chain(CONTAINER_RULES.iter().map(|rule| (rule.code, rule.severity)))
        .collect();
    let mut out = String::from(
        "# Findings\n\nWhat each code says, why it matters and how it is put right. Names in braces are filled in from the \
         book. The severity is the usual one; a profile may change it. Codes other than `ESP-…` are EPUBCheck's, for the \
         same faults. `cargo xtask reference` writes this file.\n",
    );
    for code in codes(Language::ENGLISH) {
        let page = page(code, Language::ENGLISH).unwrap();
        write!(out, "\n## {code}\n\n").unwrap();
        if page.problems.is_empty() {
            writeln!(out, "{}", page.message).unwrap();
        }
        for problem in page.problems.iter().map(|(_, problem)| problem) {
            writeln!(out, "- {problem}").unwrap();
        }
        write!(out, "\n**Why it matters.** {}\n\n**How to fix it.** {}\n", page.why, page.fix).unwrap();
        if let Some(severity) = usual.get(code) {
            write!(out, "\nUsually: {}.\n", severity.word()).unwrap();
        }
    }
    out
}
