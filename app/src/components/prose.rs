//! A sentence of the catalogues, in which what stands between backticks is code.

use leptos::prelude::*;

/// The sentence, with its code marked up. A backtick without a partner is shown as it is.
#[component]
pub fn Prose(
    /// The sentence.
    text: String,
) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|part| match part {
            Part::Plain(text) => text.into_any(),
            Part::Code(text) => view! { <code>{text}</code> }.into_any(),
        })
        .collect_view()
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Code(String),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, code, after)) = rest.split_once('`').and_then(|(before, inside)| {
        let (code, after) = inside.split_once('`')?;
        Some((before, code, after))
    }) {
        parts.extend((!before.is_empty()).then(|| Part::Plain(before.to_owned())));
        parts.push(Part::Code(code.to_owned()));
        rest = after;
    }
    parts.extend((!rest.is_empty()).then(|| Part::Plain(rest.to_owned())));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_backticks_hold_code_and_a_single_one_is_text() {
        let plain = |text: &str| Part::Plain(text.to_owned());
        let code = |text: &str| Part::Code(text.to_owned());
        assert_eq!(parts("`a` is not `b`."), [code("a"), plain(" is not "), code("b"), plain(".")]);
        assert_eq!(parts("a ` b"), [plain("a ` b")]);
        assert_eq!(parts(""), []);
    }
}
