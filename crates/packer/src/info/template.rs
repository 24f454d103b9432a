//! Templates in Jinja syntax: the built-in ones, and rendering within limits.

use std::io;

use minijinja::{Environment, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};

use super::{variables::Variables, wrap};

/// The most bytes of a template.
pub const LONGEST_TEMPLATE: usize = 64 << 10;
/// The most bytes that a template may give: the longest values that a release can have, in their frame.
pub const LONGEST_OUTPUT: usize = 1 << 20;
/// Work that the rendering of an NFO may do, in the engine's own unit: about one for each instruction and for 64 bytes
/// of data.
pub const NFO_WORK: u64 = 200_000;
/// Work that the rendering of one DIZ may do: there are up to 99 of them in a plan, and the plan is made for every key.
pub const DIZ_WORK: u64 = 10_000;
/// The most columns that a filter pads to.
const WIDEST: usize = 400;

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TemplateError {
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// The text of a built-in NFO template.
pub fn built_in_nfo(name: &str) -> Option<&'static str> {
    match name {
        "scene-ebook" => Some(include_str!("../../profiles/scene-ebook.nfo.jinja")),
        "plain" => Some(include_str!("../../profiles/plain.nfo.jinja")),
        _ => None,
    }
}

/// The text of a built-in DIZ template.
pub fn built_in_diz(name: &str) -> Option<&'static str> {
    match name {
        "scene-ebook" => Some(include_str!("../../profiles/scene-ebook.diz.jinja")),
        _ => None,
    }
}

/// A template that has been read and can be rendered many times.
#[expect(missing_debug_implementations, reason = "the engine's values have nothing to show")]
pub struct Renderer<'a> {
    environment: Environment<'a>,
    text: &'a str,
}

const NAME: &str = "template";

impl<'a> Renderer<'a> {
    /// Reads a template whose renderings may each do so much work.
    pub fn new(text: &'a str, work: u64) -> Result<Self, TemplateError> {
        if text.len() > LONGEST_TEMPLATE {
            let message = format!("the template has {} bytes, the limit is {LONGEST_TEMPLATE}", text.len());
            return Err(TemplateError { line: 1, column: None, message });
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(work));
        environment.set_recursion_limit(32);
        // Tags stand on lines of their own in the text of an NFO: they must leave no line behind.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_debug(true);
        environment.add_filter("wrap", |text: String, columns: usize| wrap::wrap(&text, columns.min(WIDEST)));
        environment.add_filter("pad", |text: String, columns: usize| wrap::padded(&text, columns.min(WIDEST)));
        environment.add_filter("centre", |text: String, columns: usize| wrap::centred(&text, columns.min(WIDEST)));
        environment.add_template(NAME, text).map_err(|error| mistake(text, &error))?;
        Ok(Self { environment, text })
    }

    /// Renders the template. Lines end with a line feed.
    pub fn render(&self, variables: &Variables) -> Result<String, TemplateError> {
        let mistake = |error| mistake(self.text, &error);
        let template = self.environment.get_template(NAME).map_err(mistake)?;
        let mut output = Output(Vec::new());
        template.render_captured_to(Serde(variables), &mut output).map_err(mistake)?;
        let text = String::from_utf8_lossy(&output.0).replace("\r\n", "\n");
        Ok(text)
    }
}

/// Bytes up to a limit.
struct Output(Vec<u8>);

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_OUTPUT {
            return Err(io::Error::other(format!("the text has more than {LONGEST_OUTPUT} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn mistake(text: &str, error: &minijinja::Error) -> TemplateError {
    let kind = error.kind();
    let message = match (kind, error.detail()) {
        (ErrorKind::OutOfFuel, _) => "the template does more work than it may".to_owned(),
        (ErrorKind::WriteFailure, _) => format!("the text has more than {LONGEST_OUTPUT} bytes"),
        (_, Some(detail)) => format!("{kind}: {detail}"),
        (_, None) => kind.to_string(),
    };
    let place = error.range().map(|range| crate::profile::place(text, range.start));
    let line = error.line().or(place.map(|(line, _)| line)).unwrap_or(1);
    let column = place.filter(|(found, _)| *found == line).map(|(_, column)| column);
    TemplateError { line, column, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String, TemplateError> {
        Renderer::new(text, NFO_WORK)?.render(&Variables { title: "A title".to_owned(), ..Variables::default() })
    }

    #[test]
    fn a_mistake_has_its_line_and_column() {
        let error = render("one\ntwo {{ titel }}\n").unwrap_err();
        assert_eq!((error.line, error.column), (2, Some(8)));
        assert!(error.message.contains("undefined"), "{}", error.message);
        let error = render("one\n\n  {% if %}").unwrap_err();
        assert_eq!(error.line, 3);
    }

    #[test]
    fn a_template_that_never_ends_is_stopped() {
        let error =
            render("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}").unwrap_err();
        assert_eq!(error.message, "the template does more work than it may");
    }

    #[test]
    fn a_template_cannot_fill_the_memory() {
        for text in [
            "{{ 'x' * 999999999 }}".to_owned(),
            "{{ title | pad(99999) }}".repeat(2_700),
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".to_owned(),
            "x".repeat(LONGEST_TEMPLATE + 1),
        ] {
            assert!(render(&text).is_err());
        }
    }

    #[test]
    fn a_template_reaches_no_file_and_no_other_template() {
        assert!(render("{% include '/etc/passwd' %}").is_err());
    }
}
