//! Which form of a text goes where only Latin letters can stand: its own when it is Latin, else a Latin form that the
//! book itself gives.

use crate::{
    fix,
    metadata::{BookMetadata, Fields, Text},
    overrides::LONGEST_VALUE,
    resolve,
};

/// The form of the title.
pub(crate) fn title(fields: &Fields, metadata: &BookMetadata) -> String {
    let mended = |title: &str| fix::in_small_letters(title, fields.language.as_deref());
    form_of(&fields.title, metadata.title.iter(), mended, of_title)
}

/// The form of one of the authors, in natural order.
pub(crate) fn author(author: &str, metadata: &BookMetadata) -> String {
    let known = resolve::authors_of(metadata).map(|author| &author.name);
    form_of(author, known, |name| fix::upright(name, Some(name), None), of_person)
}

/// The form of the publisher.
pub(crate) fn publisher(fields: &Fields, metadata: &BookMetadata) -> Option<String> {
    fields.publisher.as_deref().map(|publisher| form_of(publisher, metadata.publisher.iter(), |_| None, of_title))
}

/// The preferred form of the book's text when the value is the book's, or what mends it; else the value itself.
fn form_of<'a>(
    value: &str,
    known: impl Iterator<Item = &'a Text>,
    mended: impl Fn(&str) -> Option<String>,
    preferred: fn(&Text) -> String,
) -> String {
    if is_latin(value) {
        return value.to_owned();
    }
    // A text that is far longer than the value was cut on its way there, or is another.
    let near = |text: &Text| text.value.len() <= 2 * value.len() + 100;
    let same = |text: &&Text| {
        let line = resolve::one_line(&text.value).filter(|_| near(text));
        line.is_some_and(|line| line == value || mended(&line).as_deref() == Some(value))
    };
    let mut known = known;
    let form = known.find(same).map(preferred);
    // What the book says in another place is bounded and cleaned as the value was.
    let form = form.and_then(|form| resolve::one_line(resolve::prefix(&form, LONGEST_VALUE)));
    form.unwrap_or_else(|| value.to_owned())
}

fn of_person(name: &Text) -> String {
    preferred(name, natural_person)
}

fn of_title(title: &Text) -> String {
    preferred(title, natural_title)
}

fn preferred(text: &Text, natural: fn(&str) -> String) -> String {
    if is_latin(&text.value) {
        return text.value.clone();
    }
    let alternate = text.alternates.iter().map(|(_, form)| form).find(|form| is_latin(form));
    let sorted = text.file_as.as_deref().filter(|form| is_latin(form));
    match (alternate, sorted) {
        (Some(alternate), _) => alternate.clone(),
        (None, Some(sorted)) => natural(sorted),
        (None, None) => text.value.clone(),
    }
}

/// `Wells, H. G.` is `H. G. Wells`, and `King, Martin Luther, Jr.` is `Martin Luther King Jr.`
fn natural_person(sorted: &str) -> String {
    let mut parts = sorted.split(',').map(str::trim).filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some(family), Some(given)) => {
            let rest: Vec<&str> = parts.collect();
            [&[given, family], &rest[..]].concat().join(" ")
        }
        _ => sorted.to_owned(),
    }
}

/// `Time Machine, The` is `The Time Machine`; another comma is part of the title.
fn natural_title(sorted: &str) -> String {
    const ARTICLES: [&str; 12] = ["The", "A", "An", "Le", "La", "Les", "Un", "Une", "Der", "Die", "Das", "El"];
    match sorted.rsplit_once(", ") {
        Some((rest, article)) if ARTICLES.iter().any(|known| known.eq_ignore_ascii_case(article)) => {
            format!("{article} {rest}")
        }
        _ => sorted.to_owned(),
    }
}

/// True when every letter is Latin, and there is one.
fn is_latin(text: &str) -> bool {
    let mut letters = text.chars().filter(|character| character.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(is_latin_letter)
}

fn is_latin_letter(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | 'a'..='z' | 'ª' | 'º' | '\u{C0}'..='\u{2BF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}'
        | '\u{A722}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}' | '\u{FF21}'..='\u{FF5A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, file_as: Option<&str>, alternate: Option<&str>) -> Text {
        Text {
            value: value.to_owned(),
            file_as: file_as.map(ToOwned::to_owned),
            alternates: alternate.map(|form| ("en".to_owned(), form.to_owned())).into_iter().collect(),
        }
    }

    #[test]
    fn a_latin_name_stands_as_it_is_and_another_gives_way_to_a_latin_form_of_the_book() {
        for (value, file_as, alternate, preferred) in [
            ("H. G. Wells", Some("Wells, H. G."), None, "H. G. Wells"),
            ("Герберт Уэллс", Some("Wells, H. G."), None, "H. G. Wells"),
            ("村上 春樹", Some("Murakami, Haruki"), Some("Haruki Murakami"), "Haruki Murakami"),
            ("Лев Толстой", Some("Толстой, Лев"), None, "Лев Толстой"),
            ("Кинг", Some("King, Martin Luther, Jr."), None, "Martin Luther King Jr."),
            ("Платон", Some("Plato"), None, "Plato"),
        ] {
            assert_eq!(of_person(&text(value, file_as, alternate)), preferred);
        }
    }

    #[test]
    fn an_article_behind_a_title_comes_to_its_front() {
        assert_eq!(of_title(&text("Машина времени", Some("Time Machine, The"), None)), "The Time Machine");
        assert_eq!(of_title(&text("Мир", Some("War, Peace"), None)), "War, Peace");
    }
}
