//! The form of the review page: texts as a person sees them, and what of them was changed.

use packer::metadata::{Field, Fields};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::FieldProblem;

/// Characters of what was typed that come back with a problem: several fields may be wrong.
const LONGEST_GIVEN: usize = 300;

/// Every input of the review page, by the name of its input. What a browser leaves out (an empty list, a box that is not
/// ticked) is empty here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the text of the field of the same name")]
pub struct ReviewForm {
    /// The release's id.
    pub release: String,
    /// The version that the form was made from.
    pub version: i64,
    pub kind: String,
    pub source: String,
    pub title: String,
    /// One author a line.
    pub authors: String,
    pub publisher: String,
    pub language: String,
    pub year: String,
    pub edition: String,
    pub volume: String,
    pub issue: String,
    pub issue_date: String,
    pub isbn: String,
    pub genre: String,
    pub url: String,
    pub description: String,
    pub tags: Vec<String>,
    pub corrects: String,
    /// `own-work`, `permission`, `public-domain`, `licence`, or nothing yet.
    pub rights: String,
    /// The SPDX id when `rights` is `licence`.
    pub licence: String,
    pub rights_note: String,
    /// The group's id, or an empty text for none. A form without it leaves the group as it is.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The tag of a group to be made; it wins over `group`.
    pub new_group: String,
    pub profile: String,
    /// The release date, `YYYY-MM-DD`.
    pub date: String,
    /// The field whose value the book or the rules shall give again.
    pub reset: String,
    /// What mends a finding: `FIELD=VALUE`, one value a line.
    pub mend: String,
}

/// A text that was sent, be it empty.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

impl ReviewForm {
    /// Puts the values of the fields into the form.
    pub fn show(&mut self, fields: &Fields) {
        for field in Field::ALL {
            let values = values_of(fields, field);
            match field {
                Field::Tags => self.tags = values,
                Field::Authors => self.authors = values.join("\n"),
                _ => *self.text_mut(field) = values.into_iter().next().unwrap_or_default(),
            }
        }
    }

    /// The values of one field as they were typed, without the white space around them and without empty ones. A form sends
    /// its lines with CR LF, whatever stood in it (HTML, 4.10.22.4); the book has LF.
    pub fn values(&self, field: Field) -> Vec<String> {
        let typed: Vec<&str> = match field {
            Field::Tags => self.tags.iter().map(String::as_str).collect(),
            Field::Authors => self.authors.lines().collect(),
            _ => vec![self.text(field)],
        };
        let values = typed.into_iter().map(|value| value.trim().replace("\r\n", "\n"));
        values.filter(|value| !value.is_empty()).collect()
    }

    /// The fields that differ from the form as it was shown, with the values they shall have. A field that was emptied, or
    /// that is to be reset, comes without values: the book and the rules say it again. One that is mended comes with what
    /// mends it, whatever stands in its input; when nothing else was sent, nothing else changes.
    pub fn changes(&self, shown: &Self) -> Vec<(Field, Vec<String>)> {
        let reset = |field: Field| self.reset == field.word();
        Field::ALL
            .into_iter()
            .filter_map(|field| match self.mended(field) {
                Some(values) => Some((field, values)),
                None if self.only_mends() => None,
                None if reset(field) => Some((field, Vec::new())),
                None => Some((field, self.values(field))).filter(|(_, values)| *values != shown.values(field)),
            })
            .collect()
    }

    /// True for a button beside a finding while the fields are locked: a browser sends none of them then, and none of them
    /// was emptied.
    pub fn only_mends(&self) -> bool {
        !self.mend.is_empty() && self.group.is_none()
    }

    /// The values of a field that is mended.
    fn mended(&self, field: Field) -> Option<Vec<String>> {
        let (word, values) = self.mend.split_once('=')?;
        (word == field.word()).then(|| values.lines().map(str::to_owned).collect())
    }

    /// Writes into each problem what was typed in its field, as far as an address has room for it.
    pub fn give_back(&self, problems: &mut [FieldProblem]) {
        for problem in problems {
            let Some(field) = Field::of_word(&problem.field) else { continue };
            problem.give_back(self.text(field), LONGEST_GIVEN);
        }
    }

    /// Shows again what was typed in fields that were not taken.
    pub fn take_back(&mut self, problems: &[FieldProblem]) {
        for problem in problems {
            if let (Some(field), Some(given)) = (Field::of_word(&problem.field), problem.given()) {
                self.text_mut(field).clone_from(given);
            }
        }
    }

    /// The rights basis as it is written everywhere else, or nothing while nobody has chosen.
    pub fn basis(&self) -> Option<&str> {
        basis_of(&self.rights, &self.licence)
    }

    /// True when a rights basis is chosen and its licence or its note is still missing: it cannot be stored yet.
    pub fn is_half_stated(&self) -> bool {
        is_half_stated(&self.rights, &self.licence, &self.rights_note)
    }

    fn text(&self, field: Field) -> &str {
        match field {
            Field::Kind => &self.kind,
            Field::Source => &self.source,
            Field::Title => &self.title,
            Field::Authors => &self.authors,
            Field::Publisher => &self.publisher,
            Field::Language => &self.language,
            Field::Year => &self.year,
            Field::Edition => &self.edition,
            Field::Volume => &self.volume,
            Field::Issue => &self.issue,
            Field::IssueDate => &self.issue_date,
            Field::Isbn => &self.isbn,
            Field::Genre => &self.genre,
            Field::Url => &self.url,
            Field::Description => &self.description,
            Field::Tags => "",
            Field::Corrects => &self.corrects,
        }
    }

    fn text_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Kind => &mut self.kind,
            Field::Source => &mut self.source,
            Field::Title => &mut self.title,
            Field::Authors | Field::Tags => &mut self.authors,
            Field::Publisher => &mut self.publisher,
            Field::Language => &mut self.language,
            Field::Year => &mut self.year,
            Field::Edition => &mut self.edition,
            Field::Volume => &mut self.volume,
            Field::Issue => &mut self.issue,
            Field::IssueDate => &mut self.issue_date,
            Field::Isbn => &mut self.isbn,
            Field::Genre => &mut self.genre,
            Field::Url => &mut self.url,
            Field::Description => &mut self.description,
            Field::Corrects => &mut self.corrects,
        }
    }
}

/// The form over the rows of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct BatchForm {
    /// The ids of the chosen releases.
    pub releases: Vec<String>,
    /// `apply` and `pack` are about the chosen releases; `pack-ready` packs whatever of the batch is ready.
    pub action: String,
    /// The word of a field that every chosen release gets the same value in, of a field with few values with the one that is
    /// chosen: `kind=comic`; nothing leaves each as it is.
    pub field: String,
    /// That value, for a field of several values one a line. Empty takes what the book says.
    pub value: String,
    /// The group's id; nothing leaves each as it is.
    pub group: String,
    /// A rights basis as in [`ReviewForm::rights`]; nothing leaves each as it is.
    pub rights: String,
    /// The SPDX id when `rights` is `licence`.
    pub licence: String,
    /// The note on the rights.
    pub rights_note: String,
    /// The profile's name; nothing leaves each as it is.
    pub profile: String,
    /// The release whose review is open.
    pub open: String,
}

impl BatchForm {
    /// The rights basis as it is written everywhere else, or nothing when it stays.
    pub fn basis(&self) -> Option<&str> {
        basis_of(&self.rights, &self.licence)
    }

    /// True when a rights basis is chosen and its licence or its note is still missing.
    pub fn is_half_stated(&self) -> bool {
        is_half_stated(&self.rights, &self.licence, &self.rights_note)
    }

    /// True when a value was typed and no field chosen that it is for.
    pub fn is_value_without_field(&self) -> bool {
        self.field.is_empty() && !self.value.trim().is_empty()
    }

    /// The field that every chosen release gets, with its values.
    pub fn change(&self) -> Option<(Field, Vec<String>)> {
        if let Some((word, value)) = self.field.split_once('=') {
            return Some((Field::of_word(word)?, vec![value.to_owned()]));
        }
        let field = Field::of_word(&self.field)?;
        let values = self.value.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Some((field, values))
    }
}

fn is_half_stated(rights: &str, licence: &str, note: &str) -> bool {
    match rights {
        "" => false,
        "licence" => licence.trim().is_empty(),
        _ => note.trim().is_empty(),
    }
}

/// `licence` stands for the SPDX id beside it.
fn basis_of<'a>(rights: &'a str, licence: &'a str) -> Option<&'a str> {
    match rights {
        "" => None,
        "licence" => Some(licence.trim()).filter(|licence| !licence.is_empty()),
        basis => Some(basis),
    }
}

/// The values of a resolved field, as texts.
fn values_of(fields: &Fields, field: Field) -> Vec<String> {
    let one = |value: &Option<String>| value.iter().cloned().collect();
    match field {
        Field::Kind => vec![fields.kind.word().to_owned()],
        Field::Source => vec![fields.source.tag().to_owned()],
        Field::Title => vec![fields.title.clone()],
        Field::Authors => fields.authors.clone(),
        Field::Publisher => one(&fields.publisher),
        Field::Language => one(&fields.language),
        Field::Year => vec![fields.year.to_string()],
        Field::Edition => one(&fields.edition),
        Field::Volume => one(&fields.volume),
        Field::Issue => one(&fields.issue),
        Field::IssueDate => one(&fields.issue_date),
        Field::Isbn => one(&fields.isbn),
        Field::Genre => one(&fields.genre),
        Field::Url => one(&fields.url),
        Field::Description => one(&fields.description),
        Field::Tags => fields.tags.clone(),
        Field::Corrects => one(&fields.corrects),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use packer::kind::{Kind, Source};

    use super::*;

    fn fields() -> Fields {
        Fields {
            kind: Kind::Book,
            source: Source::Retail,
            title: "The Time Machine".into(),
            authors: vec!["H. G. Wells".into()],
            publisher: Some("Standard Ebooks".into()),
            language: Some("en-GB".into()),
            year: 2014,
            edition: None,
            volume: None,
            issue: None,
            issue_date: None,
            isbn: None,
            genre: None,
            url: None,
            description: None,
            tags: vec!["READNFO".into()],
            corrects: None,
            origins: BTreeMap::new(),
        }
    }

    fn shown() -> ReviewForm {
        let mut form = ReviewForm::default();
        form.show(&fields());
        form
    }

    #[test]
    fn a_form_that_comes_back_as_it_was_shown_changes_nothing() {
        assert_eq!(shown().changes(&shown()), []);
    }

    #[test]
    fn only_what_was_typed_changes_and_white_space_is_no_change() {
        let mut form = shown();
        form.title = " The Time Machine ".into();
        form.authors = "H. G. Wells\r\n\r\nAnother \n".into();
        form.tags = Vec::new();
        assert_eq!(
            form.changes(&shown()),
            [(Field::Authors, vec!["H. G. Wells".to_owned(), "Another".to_owned()]), (Field::Tags, Vec::new())]
        );
    }

    #[test]
    fn lines_that_a_form_sent_are_the_lines_that_were_shown() {
        let shown = ReviewForm { description: "One.\nTwo.".into(), ..shown() };
        let sent = ReviewForm { description: "One.\r\nTwo.\r\n".into(), ..shown.clone() };
        assert_eq!(sent.changes(&shown), []);
    }

    #[test]
    fn a_mended_field_comes_with_what_mends_it_and_the_others_as_they_are() {
        let shown =
            ReviewForm { authors: "Melville, Herman".into(), title: "Moby-Dick".into(), ..ReviewForm::default() };
        let mend = "authors=Herman Melville\nAda Lovelace".into();
        let alone = ReviewForm { mend, ..ReviewForm::default() };
        let authors = (Field::Authors, vec!["Herman Melville".to_owned(), "Ada Lovelace".to_owned()]);
        assert_eq!(alone.changes(&shown), [authors]);
        let mend = alone.mend;
        let form = ReviewForm { title: "The Whale".into(), mend, group: Some(String::new()), ..shown.clone() };
        let changes = form.changes(&shown);
        assert_eq!(
            changes,
            [
                (Field::Title, vec!["The Whale".to_owned()]),
                (Field::Authors, vec!["Herman Melville".to_owned(), "Ada Lovelace".to_owned()]),
            ]
        );
    }

    #[test]
    fn a_reset_field_comes_without_values_whatever_stands_in_its_input() {
        let mut form = shown();
        form.reset = "title".into();
        assert_eq!(form.changes(&shown()), [(Field::Title, Vec::new())]);
    }

    #[test]
    fn what_was_typed_in_a_wrong_field_comes_back_with_it() {
        let form = ReviewForm { isbn: "not a number".into(), ..shown() };
        let problem = |field: &str| FieldProblem { field: field.into(), code: "invalid".into(), data: BTreeMap::new() };
        let mut problems = [problem("isbn"), problem("rights")];
        form.give_back(&mut problems);
        assert!(problems[1].data.is_empty());
        let mut again = shown();
        again.take_back(&problems);
        assert_eq!(again, form);
    }

    #[test]
    fn no_group_is_something_else_than_a_group_that_was_not_sent() {
        assert_eq!(serde_json::from_str::<ReviewForm>("{}").unwrap().group, None);
        assert_eq!(serde_json::from_str::<ReviewForm>(r#"{"group":""}"#).unwrap().group, Some(String::new()));
    }

    #[test]
    fn a_column_is_changed_only_when_one_is_chosen() {
        let mut form = BatchForm { value: "Ada\r\n Grace \n".into(), ..BatchForm::default() };
        assert_eq!(form.change(), None);
        assert!(form.is_value_without_field());
        form.field = "kind=comic".into();
        assert_eq!(form.change(), Some((Field::Kind, vec!["comic".to_owned()])));
        assert!(!form.is_value_without_field());
        form.field = "authors".into();
        assert_eq!(form.change(), Some((Field::Authors, vec!["Ada".to_owned(), "Grace".to_owned()])));
        form.value = " ".into();
        assert_eq!(form.change(), Some((Field::Authors, Vec::new())));
    }

    #[test]
    fn a_licence_is_a_basis_only_with_its_id() {
        let mut form = ReviewForm { rights: "licence".into(), ..ReviewForm::default() };
        assert_eq!(form.basis(), None);
        form.licence = " CC0-1.0 ".into();
        assert_eq!(form.basis(), Some("CC0-1.0"));
        form.rights = "own-work".into();
        assert_eq!(form.basis(), Some("own-work"));
        assert!(form.is_half_stated());
        form.rights_note = "Written by the group.".into();
        assert!(!form.is_half_stated());
    }
}
