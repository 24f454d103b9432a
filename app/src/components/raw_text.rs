//! Text in the elements whose content the framework writes as it is: `<textarea>` and `<title>`.

/// The text with its signs written out. Whatever people or books bring into such an element goes through here: else
/// `</textarea>` in it would end the element, and what follows would be markup.
pub fn raw_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of a `<textarea>`. HTML drops one line end right behind the opening tag: without one of its own a text whose
/// first line is blank would lose a line each time it is shown and sent.
pub fn text_of_area(text: &str) -> String {
    format!("\n{}", raw_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_begins_with_the_line_end_that_is_dropped() {
        assert_eq!(text_of_area("\n</textarea>"), "\n\n&lt;/textarea&gt;");
        assert_eq!(text_of_area(""), "\n");
    }
}
