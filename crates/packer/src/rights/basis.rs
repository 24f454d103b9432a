//! Reading a rights basis from what a person wrote.

use super::{Rights, RightsBasis};

/// The most characters of a note: it goes into the NFO and the manifest.
pub const LONGEST_NOTE: usize = 1_000;

/// Why something a person wrote is no rights basis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// Neither one of the three words nor a licence that SPDX lists.
    #[error("`{text}` is no rights basis: there are own-work, permission, public-domain and the SPDX ids of licences{}", meant(.suggestion.as_deref()))]
    Basis {
        /// What was written.
        text: String,
        /// The id that was probably meant.
        suggestion: Option<String>,
    },
    /// The basis needs a note.
    #[error("`{0}` needs a note: who gave permission, why it is in the public domain, or a link")]
    NoteMissing(String),
    /// The note is too long.
    #[error("the note has {0} characters, the limit is {LONGEST_NOTE}")]
    NoteTooLong(usize),
}

fn meant(suggestion: Option<&str>) -> String {
    suggestion.map(|id| format!("; `{id}` was probably meant")).unwrap_or_default()
}

/// Reads a basis and its note. A licence is written by its SPDX id, in any case, and comes out as SPDX spells it.
pub fn parse(basis: &str, note: Option<&str>) -> Result<Rights, RightsError> {
    let basis = match RightsBasis::from(basis.trim().to_ascii_lowercase()) {
        RightsBasis::Licence(_) => RightsBasis::Licence(licence(basis.trim())?),
        known => known,
    };
    let note = note.and_then(crate::resolve::one_line);
    let length = note.as_deref().map_or(0, |note| note.chars().count());
    if length > LONGEST_NOTE {
        return Err(RightsError::NoteTooLong(length));
    }
    if basis.needs_note() && note.is_none() {
        return Err(RightsError::NoteMissing(basis.word().to_owned()));
    }
    Ok(Rights { basis, note })
}

/// The licence's id as SPDX spells it.
pub(super) fn licence(text: &str) -> Result<String, RightsError> {
    let exact = spdx::license_id(text).map(|id| id.name);
    let other_case =
        || spdx::identifiers::LICENSES.iter().map(|licence| licence.name).find(|name| name.eq_ignore_ascii_case(text));
    if let Some(name) = exact.or_else(other_case) {
        return Ok(name.to_owned());
    }
    let suggestion = spdx::imprecise_license_id(text)
        .map(|(id, _)| id.name.to_owned())
        .or_else(|| spdx::license_id(&text.to_ascii_uppercase().replace(' ', "-")).map(|id| id.name.to_owned()));
    Err(RightsError::Basis { text: text.to_owned(), suggestion })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_one_that_spdx_lists_in_any_case_and_needs_no_note() {
        assert_eq!(parse("cc-by-4.0", None).unwrap().basis, RightsBasis::Licence("CC-BY-4.0".to_owned()));
        assert_eq!(
            parse("CC0-1.0", Some(" ")).unwrap(),
            Rights { basis: RightsBasis::Licence("CC0-1.0".to_owned()), note: None }
        );
        let error = parse("CC BY 4.0", None).unwrap_err();
        assert_eq!(
            error,
            RightsError::Basis { text: "CC BY 4.0".to_owned(), suggestion: Some("CC-BY-4.0".to_owned()) }
        );
        assert!(matches!(parse("all mine", None), Err(RightsError::Basis { .. })));
        assert!(matches!(parse("", None), Err(RightsError::Basis { .. })));
    }

    #[test]
    fn the_other_bases_need_a_note() {
        for basis in ["own-work", "permission", "public-domain"] {
            assert_eq!(parse(basis, None), Err(RightsError::NoteMissing(basis.to_owned())));
            assert_eq!(parse(basis, Some(" a\nnote ")).unwrap().note.as_deref(), Some("a note"));
        }
        assert_eq!(parse("own-work", Some(&"x".repeat(1_001))), Err(RightsError::NoteTooLong(1_001)));
    }
}
