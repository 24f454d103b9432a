//! What the packer in the browser found in a book, before the server has looked at it.

use serde::Deserialize;

/// As much of `check --json` as a row of an upload shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FirstLook {
    /// The format, told by content: `epub`, `pdf`, …
    pub format: String,
    /// What the book says of itself.
    pub metadata: Named,
    /// What is wrong.
    pub findings: Vec<Weight>,
}

/// The title, where the book has one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// The title.
    pub title: Option<Title>,
}

/// A title as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Title {
    /// Its text.
    pub value: String,
}

/// What is found, and how bad it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Weight {
    /// Its code.
    #[serde(default)]
    pub code: String,
    /// `fatal`, `error`, `warning`, `info` or `usage`.
    pub severity: String,
    /// What it says, in English.
    #[serde(default)]
    pub message: String,
}

impl FirstLook {
    /// The format and the title, as far as they are known.
    pub fn title(&self) -> String {
        let format = self.format.to_uppercase();
        match &self.metadata.title {
            Some(title) => format!("{format} · {}", title.value),
            None => format,
        }
    }

    /// Findings that somebody should look at. What is only worth knowing does not count.
    pub fn heavy(&self) -> impl Iterator<Item = &Weight> {
        self.findings.iter().filter(|finding| finding.is_wrong() || finding.severity == "warning")
    }

    /// True when the book is under DRM: no release is made of it.
    pub fn is_protected(&self) -> bool {
        self.findings.iter().any(Weight::is_of_protection)
    }

    /// True when one of them is an error, or the book is refused for it.
    pub fn is_wrong(&self) -> bool {
        self.findings.iter().any(Weight::is_wrong)
    }
}

impl Weight {
    fn is_of_protection(&self) -> bool {
        matches!(self.code.as_str(), "ESP-201" | "ESP-202")
    }

    fn is_wrong(&self) -> bool {
        self.is_of_protection() || matches!(self.severity.as_str(), "fatal" | "error")
    }
}

/// The name that the packer in the browser gives a book.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FirstName {
    /// The release name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_the_book_is_and_how_much_there_is_to_look_at() {
        let json = r#"{"path":"a.epub","format":"epub","metadata":{"title":{"value":"Tides"},"languages":["en"]},
            "findings":[{"code":"OPF-014","severity":"warning","message":"…"},{"code":"X","severity":"info"}]}"#;
        let look: FirstLook = serde_json::from_str(json).unwrap();
        assert_eq!(look.title(), "EPUB · Tides");
        assert_eq!(look.heavy().map(|one| one.message.as_str()).collect::<Vec<_>>(), ["…"]);
        assert!(!look.is_wrong());
        assert!(!look.is_protected());
    }

    #[test]
    fn a_protected_book_is_told_by_its_findings() {
        let json = r#"{"format":"epub","metadata":{"title":null},"findings":[{"code":"ESP-201","severity":"info"}]}"#;
        let look: FirstLook = serde_json::from_str(json).unwrap();
        assert!(look.is_protected() && look.is_wrong());
        assert_eq!(look.heavy().count(), 1);
    }

    #[test]
    fn a_book_without_a_title_is_its_format() {
        let json = r#"{"format":"pdf","metadata":{"title":null},"findings":[{"severity":"fatal"}]}"#;
        let look: FirstLook = serde_json::from_str(json).unwrap();
        assert_eq!(look.title(), "PDF");
        assert!(look.is_wrong());
    }
}
