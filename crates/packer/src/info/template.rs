//! Templates in Jinja syntax: the built-in ones, and rendering within limits.

use std::io;

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};

use super::{
    mistake::{TemplateError, TemplateFault},
    variables::{LIST, Variables},
    wrap,
};

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
            return Err(TemplateError::too_long(text.len()));
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
        environment.add_template(NAME, text).map_err(|error| TemplateError::of_engine(text, &error))?;
        Ok(Self { environment, text })
    }

    /// Renders the template. Lines end with a line feed.
    pub fn render(&self, variables: &Variables) -> Result<String, TemplateError> {
        let mistake = |error| TemplateError::of_engine(self.text, &error);
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

/// Whether a template works for whatever a release may say: one that says everything, and one that says nothing. What cannot
/// be done with a value that is missing is told by the release that lacks it, for a template may be for releases that do not.
pub fn prove(text: &str, work: u64, in_diz: bool) -> Result<(), TemplateError> {
    let renderer = Renderer::new(text, work)?;
    let all = Variables::example();
    let disk = all.disk.clone().filter(|_| in_diz);
    renderer.render(&Variables { disk: disk.clone(), ..all })?;
    match renderer.render(&Variables { disk, ..Variables::default() }) {
        Err(error) if !depends_on_values(&error.fault) => Err(error),
        _ => Ok(()),
    }
}

/// True for what another release may not meet: a value of a variable that there is.
fn depends_on_values(fault: &TemplateFault) -> bool {
    match fault {
        TemplateFault::Impossible(_) => true,
        TemplateFault::UnknownVariable(text) => {
            let name = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or_default();
            LIST.iter().any(|variable| variable.name == name)
        }
        _ => false,
    }
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
        assert_eq!((error.line, error.column), (2, 8));
        assert!(error.message.contains("undefined"), "{}", error.message);
        let error = render("one\n\n  {% if %}").unwrap_err();
        assert_eq!(error.line, 3);
    }

    #[test]
    fn each_mistake_has_its_code_its_place_and_what_it_is_about() {
        let mistakes = [
            ("a\n{{ titel }}", (2, 4), "unknown-variable", "titel"),
            ("{{ title.first }}", (1, 4), "unknown-variable", "title.first"),
            ("{{ title | uper }}", (1, 12), "unknown-filter", "uper"),
            ("{{ title is grand }}", (1, 13), "unknown-test", "grand"),
            ("{{ today() }}", (1, 4), "unknown-function", "today"),
            ("{% iff title %}{% endif %}", (1, 4), "unknown-statement", "iff"),
            ("one\n  {% endif %}", (2, 6), "unknown-statement", "endif"),
            ("{% if title %}x", (1, 15), "unclosed", ""),
            ("one {{ title", (1, 8), "unclosed", ""),
            ("{# never", (1, 9), "unclosed", ""),
            ("{{ title title }}", (1, 10), "syntax", "title"),
            ("{{ title / 2 }}", (1, 4), "impossible", "title / 2"),
        ];
        let found = mistakes.map(|(text, ..)| {
            let error = prove(text, NFO_WORK, false).unwrap_err();
            let about = error.fault.data().into_iter().next().map(|(_, about)| about).unwrap_or_default();
            (text, (error.line, error.column), error.fault.code(), about)
        });
        assert_eq!(found, mistakes.map(|(text, place, code, about)| (text, place, code, about.to_owned())));
        let long = "x".repeat(LONGEST_TEMPLATE + 1);
        assert_eq!(prove(&long, NFO_WORK, false).unwrap_err().fault, TemplateFault::TooLong(LONGEST_TEMPLATE + 1));
    }

    #[test]
    fn a_template_is_proved_in_every_branch_and_blamed_for_no_release() {
        // The second branch is for releases that have no publisher.
        let branch = "{% if publisher %}{{ publisher }}{% else %}{{ nobody }}{% endif %}";
        assert_eq!(prove(branch, NFO_WORK, false).unwrap_err().fault.code(), "unknown-variable");
        let filter = "{% if not publisher %}{{ title | uper }}{% endif %}";
        assert_eq!(prove(filter, NFO_WORK, false).unwrap_err().fault.code(), "unknown-filter");
        // It cannot be written for a book without chapters, and that is for whoever releases one.
        assert_eq!(prove("{{ chapters[0] }} {{ words + 1 }}", NFO_WORK, false), Ok(()));
        assert_eq!(prove("DISK: {{ disk | pad(9) }}", DIZ_WORK, true), Ok(()));
        for name in ["scene-ebook", "plain"] {
            assert_eq!(prove(built_in_nfo(name).unwrap(), NFO_WORK, false), Ok(()), "{name}");
        }
        assert_eq!(prove(built_in_diz("scene-ebook").unwrap(), DIZ_WORK, true), Ok(()));
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
