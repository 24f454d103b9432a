//! Text in the elements whose content the framework writes as it is: `<textarea>` and `<title>`.

/// The text with its signs written out. Whatever people or books bring into such an element goes through here: else
/// `</textarea>` in it would end the element, and what follows would be markup.
pub fn raw_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
