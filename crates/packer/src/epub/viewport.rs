//! The size of a fixed-layout page, as its `viewport` says it (EPUB 3.3, 8.2.2.6).

use super::{content::Content, publication::Publication};
use crate::xml::Position;

/// What a page must say.
pub const DIMENSIONS: [&str; 2] = ["width", "height"];

/// The properties of a `viewport` with their values; nothing when it cannot be read.
pub fn read(content: &str) -> Option<Vec<(&str, &str)>> {
    let parts = content.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let properties: Option<Vec<_>> = parts
        .map(|part| {
            let (name, value) = part.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            (!name.is_empty() && !value.is_empty()).then_some((name, value))
        })
        .collect();
    properties.filter(|properties| !properties.is_empty())
}

/// True for what may be the value of a property: of a dimension, pixels or the size of the device.
pub fn is_dimension(name: &str, value: &str) -> bool {
    let device = match name {
        "width" => "device-width",
        "height" => "device-height",
        _ => return true,
    };
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    value == device || is_number && value.parse::<f64>().is_ok_and(|pixels| pixels > 0.0)
}

/// The first `viewport` of each fixed-layout document of the spine.
pub fn of_fixed<'p>(publication: &'p Publication<'_>) -> impl Iterator<Item = (&'p Content, &'p str, Position)> {
    publication.fixed_layout().filter_map(|(_, content)| {
        let (value, at) = content.viewports.first()?;
        Some((content, value.as_str(), *at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_read_in_any_order_and_with_any_blanks() {
        assert_eq!(read("width=600, height = 800"), Some(vec![("width", "600"), ("height", "800")]));
        assert_eq!(read("height=1;width=2;"), Some(vec![("height", "1"), ("width", "2")]));
        for broken in ["", "width", "width=600,height=\t", "=600"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_dimension_is_pixels_or_the_device() {
        for (name, value) in [("width", "600"), ("height", "1.5"), ("width", "device-width"), ("user-scalable", "no")] {
            assert!(is_dimension(name, value), "{name}={value}");
        }
        for (name, value) in [("width", "600px"), ("width", "100%"), ("height", "device-width"), ("width", "0")] {
            assert!(!is_dimension(name, value), "{name}={value}");
        }
    }
}
