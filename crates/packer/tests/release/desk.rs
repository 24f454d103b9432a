//! A desk with a book on it: what every test here starts from.

use packer::{
    finding::Finding,
    format::Format,
    inspect::{Inspection, Protection},
    metadata::{BookMetadata, Contributor, Overrides, Text},
    overrides,
    plan::{Plan, PlanError, Request},
    prepare::prepare,
    profile::Profile,
    rights::{self, Rights},
};

/// A request with all that it points to.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) book: Inspection,
    pub(crate) file_name: String,
    pub(crate) book_size: u64,
    pub(crate) overrides: Overrides,
    pub(crate) group: String,
    pub(crate) rights: Option<Rights>,
    pub(crate) profile: Profile,
    pub(crate) nfo_template: Option<String>,
    pub(crate) diz_template: Option<String>,
}

impl Desk {
    /// "The Time Machine" as an EPUB, with rights, under the built-in profile.
    pub(crate) fn new() -> Self {
        let metadata = BookMetadata {
            format_version: Some("3.0".to_owned()),
            title: Some(text("The Time Machine")),
            creators: vec![author("H. G. Wells", None)],
            languages: vec!["en".to_owned()],
            date: Some("2014-05-07".to_owned()),
            ..BookMetadata::default()
        };
        let book = Inspection {
            format: Format::Epub,
            metadata,
            cover: None,
            chapters: Vec::new(),
            protection: Protection::None,
            findings: Vec::new(),
        };
        Self {
            book,
            file_name: "time_machine.epub".to_owned(),
            book_size: 533_120,
            overrides: Overrides::default(),
            group: "GRP".to_owned(),
            rights: Some(rights::parse("CC0-1.0", None).unwrap()),
            profile: Profile::built_in("scene-ebook").unwrap().clone(),
            nfo_template: None,
            diz_template: None,
        }
    }

    /// A book that says nothing of itself but its title and that it is English.
    pub(crate) fn titled(title: &str) -> Self {
        let mut desk = Self::new();
        desk.book.metadata = BookMetadata {
            title: Some(text(title)),
            languages: vec!["en".to_owned()],
            date: Some("2014".to_owned()),
            ..BookMetadata::default()
        };
        desk
    }

    pub(crate) fn by(mut self, name: &str) -> Self {
        self.book.metadata.creators.push(author(name, None));
        self
    }

    pub(crate) fn in_language(mut self, tag: &str) -> Self {
        self.book.metadata.languages = vec![tag.to_owned()];
        self
    }

    pub(crate) fn format(mut self, format: Format) -> Self {
        self.book.format = format;
        self
    }

    pub(crate) fn set(mut self, assignments: &[&str]) -> Self {
        for assignment in assignments {
            overrides::set(&mut self.overrides, assignment).unwrap();
        }
        self
    }

    pub(crate) fn plan(&self) -> Result<Plan, PlanError> {
        let group = self.group.parse().unwrap();
        prepare(&Request {
            book: &self.book,
            file_name: &self.file_name,
            book_size: self.book_size,
            overrides: &self.overrides,
            group: &group,
            rights: self.rights.as_ref(),
            profile: &self.profile,
            nfo_template: self.nfo_template.as_deref(),
            diz_template: self.diz_template.as_deref(),
            date: "2026-11-22".parse().unwrap(),
            volume_id: None,
        })
    }

    pub(crate) fn name(&self) -> String {
        self.plan().unwrap().name.to_string()
    }

    /// The codes of the plan's findings.
    pub(crate) fn codes(&self) -> Vec<String> {
        codes(&self.plan().unwrap().findings)
    }

    /// The codes of the findings that block.
    pub(crate) fn blocking(&self) -> Vec<String> {
        let plan = self.plan().unwrap();
        plan.blocking.iter().map(|index| plan.findings[*index].code.to_string()).collect()
    }
}

pub(crate) fn codes(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.code.to_string()).collect()
}

pub(crate) fn text(value: &str) -> Text {
    Text { value: value.to_owned(), ..Text::default() }
}

pub(crate) fn author(name: &str, file_as: Option<&str>) -> Contributor {
    let name = Text { file_as: file_as.map(ToOwned::to_owned), ..text(name) };
    Contributor { name, roles: vec!["aut".to_owned()] }
}
