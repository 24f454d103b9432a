//! What a template can say: its variables, as values and as a list for whoever writes templates.

use serde::Serialize;

/// The values of a template's variables. Every one is defined always; what is not known is `none` or an empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "`LIST` says what each means")]
pub struct Variables {
    pub name: String,
    pub group: String,
    pub release_date: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<String>,
    pub author: String,
    pub publisher: Option<String>,
    pub publication_date: String,
    pub year: String,
    pub language: Option<String>,
    pub language_tag: Option<String>,
    pub kind: String,
    pub source: String,
    pub format: String,
    pub edition: Option<String>,
    pub volume: Option<String>,
    pub issue: Option<String>,
    pub issue_date: Option<String>,
    pub isbn: Option<String>,
    pub genre: Option<String>,
    pub url: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub corrects: Option<String>,
    pub rights_basis: Option<String>,
    pub rights_note: Option<String>,
    pub size: u64,
    pub words: Option<u64>,
    pub chapters: Vec<String>,
    pub disks: Option<u32>,
    pub disk: Option<String>,
}

impl Variables {
    /// A release that says everything that a template can name: the examples of [`LIST`].
    pub fn example() -> Self {
        let text = |name: &str| {
            let variable = LIST.iter().find(|variable| variable.name == name);
            variable.map_or_else(String::new, |variable| variable.example.to_owned())
        };
        let some = |name: &str| Some(text(name));
        Self {
            name: text("name"),
            group: text("group"),
            release_date: text("release_date"),
            title: text("title"),
            subtitle: some("subtitle"),
            authors: vec![text("author")],
            author: text("author"),
            publisher: some("publisher"),
            publication_date: text("publication_date"),
            year: text("year"),
            language: some("language"),
            language_tag: some("language_tag"),
            kind: text("kind"),
            source: text("source"),
            format: text("format"),
            edition: some("edition"),
            volume: some("volume"),
            issue: some("issue"),
            issue_date: some("issue_date"),
            isbn: some("isbn"),
            genre: some("genre"),
            url: some("url"),
            description: some("description"),
            tags: vec!["PROPER".to_owned()],
            corrects: some("corrects"),
            rights_basis: some("rights_basis"),
            rights_note: some("rights_note"),
            size: 533_120,
            words: Some(32_614),
            chapters: vec!["I".to_owned(), "II".to_owned()],
            disks: Some(12),
            disk: some("disk"),
        }
    }

    /// The same values with every text changed.
    #[must_use]
    pub fn map(&self, change: &mut dyn FnMut(&str) -> String) -> Self {
        let Self { size, words, disks, .. } = *self;
        let mut option = |value: &Option<String>| value.as_deref().map(&mut *change);
        let [subtitle, publisher, language, language_tag] =
            [&self.subtitle, &self.publisher, &self.language, &self.language_tag].map(&mut option);
        let [edition, volume, issue, issue_date] =
            [&self.edition, &self.volume, &self.issue, &self.issue_date].map(&mut option);
        let [isbn, genre, url, description] = [&self.isbn, &self.genre, &self.url, &self.description].map(&mut option);
        let [corrects, rights_basis, rights_note, disk] =
            [&self.corrects, &self.rights_basis, &self.rights_note, &self.disk].map(&mut option);
        let mut list = |values: &[String]| values.iter().map(|value| change(value)).collect();
        let [authors, tags, chapters] = [&self.authors[..], &self.tags[..], &self.chapters[..]].map(&mut list);
        Self {
            name: change(&self.name),
            group: change(&self.group),
            release_date: change(&self.release_date),
            title: change(&self.title),
            subtitle,
            authors,
            author: change(&self.author),
            publisher,
            publication_date: change(&self.publication_date),
            year: change(&self.year),
            language,
            language_tag,
            kind: change(&self.kind),
            source: change(&self.source),
            format: change(&self.format),
            edition,
            volume,
            issue,
            issue_date,
            isbn,
            genre,
            url,
            description,
            tags,
            corrects,
            rights_basis,
            rights_note,
            size,
            words,
            chapters,
            disks,
            disk,
        }
    }
}

/// One variable, for the list beside a template's editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// Its name in a template.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// A value it could have.
    pub example: &'static str,
}

const fn variable(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    Variable { name, meaning, example }
}

/// Every variable, in the order in which an editor lists them.
pub const LIST: [Variable; 32] = [
    variable("name", "The release name", "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP"),
    variable("group", "The group's tag", "GRP"),
    variable("release_date", "The release date", "2026-11-22"),
    variable("title", "The whole title", "The Time Machine"),
    variable("subtitle", "The subtitle, or none", "An Invention"),
    variable("authors", "The authors, a list that may be empty", "[\"H. G. Wells\"]"),
    variable("author", "The authors in one text, else the publisher, else Anonymous", "H. G. Wells"),
    variable("publisher", "The publisher, or none", "Heinemann"),
    variable("publication_date", "The publication date as far as it is known, at least its year", "2014-05-07"),
    variable("year", "The year of the edition", "2014"),
    variable("language", "The language in English, or none", "French"),
    variable("language_tag", "The language as a BCP 47 tag, or none", "fr-CA"),
    variable("kind", "The kind", "book"),
    variable("source", "The source", "RETAiL"),
    variable("format", "The format", "ePUB"),
    variable("edition", "The edition, or none", "2nd Edition"),
    variable("volume", "The volume of a comic or manga, or none", "3"),
    variable("issue", "The number of a magazine or comic, or none", "12"),
    variable("issue_date", "The day of a newspaper or magazine, or none", "1895-05-07"),
    variable("isbn", "The ISBN-13 with hyphens, or none", "978-0-306-40615-7"),
    variable("genre", "The genre, or none", "Science fiction"),
    variable("url", "A link, or none", "https://example.org/time-machine"),
    variable("description", "The description, in paragraphs, or none", "A traveller goes to the year 802701."),
    variable("tags", "The tags, a list that may be empty", "[\"PROPER\"]"),
    variable(
        "corrects",
        "The release that this one corrects, or none",
        "H.G.Wells.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP",
    ),
    variable("rights_basis", "On what ground the group may publish it, or none", "CC-BY-4.0"),
    variable("rights_note", "The note on the rights, or none", "Letter of the author of 2026-01-05"),
    variable("size", "The book's size in bytes", "533120"),
    variable("words", "Words in the book, or none", "32614"),
    variable("chapters", "The labels of the table of contents' top, a list that may be empty", "[\"I\", \"II\"]"),
    variable("disks", "The number of volumes, or none", "12"),
    variable("disk", "In a DIZ the counter of its volume, else none", "[01/12]"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_says_everything_as_the_list_does() {
        let value = serde_json::to_value(Variables::example()).unwrap();
        for variable in LIST {
            let said = match &value[variable.name] {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Array(texts) => {
                    let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
                    format!("[{}]", texts.join(", "))
                }
                other => other.to_string(),
            };
            assert_eq!(said, variable.example, "{}", variable.name);
        }
    }

    #[test]
    fn the_list_names_every_variable_in_its_order() {
        let value = serde_json::to_value(Variables::default()).unwrap();
        let mut defined: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        let mut listed: Vec<String> = LIST.iter().map(|variable| variable.name.to_owned()).collect();
        defined.sort();
        listed.sort();
        assert_eq!(defined, listed);
    }
}
