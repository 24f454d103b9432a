//! The limit of a group as a form has it: in megabytes, as disks are sold, to the byte.

use service::quotas::{LIMITS, Seen};

use super::convert::answer_with;
use crate::{
    error::{AppError, FieldProblem},
    texts::Texts,
};

/// Bytes of a megabyte.
const MEGABYTE: u64 = 1_000_000;
/// Decimals of a megabyte that are a byte.
const DECIMALS: usize = 6;

/// The bytes of a limit that a person typed; nothing for none. What is wrong with it names the group: the page has a form
/// for each.
pub fn bytes(texts: Texts, megabytes: &str, group: &str) -> Result<Option<u64>, AppError> {
    let text = megabytes.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (least, most) = LIMITS;
    match parsed(text) {
        Some(bytes) if (least..=most).contains(&bytes) => Ok(Some(bytes)),
        _ => {
            let shown = |bytes| self::megabytes(texts, Some(bytes));
            let data = [("least".to_owned(), shown(least)), ("most".to_owned(), shown(most))];
            let data = data.into_iter().chain([("group".to_owned(), group.to_owned())]).collect();
            let problem = FieldProblem { field: "megabytes".to_owned(), code: "no-megabytes".to_owned(), data };
            Err(answer_with(AppError::Invalid { fields: vec![problem] }))
        }
    }
}

/// A number of megabytes with a point or a comma, in bytes.
fn parsed(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > DECIMALS {
        return None;
    }
    let bytes: u64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(MEGABYTE)?.checked_add(bytes)
}

/// The limit in bytes that a form was made with.
pub fn seen(text: &str) -> Result<Seen, AppError> {
    match text {
        "" => Ok(Seen(None)),
        bytes => bytes.parse().map(|bytes| Seen(Some(bytes))).map_err(|_| answer_with(AppError::Malformed)),
    }
}

/// What the field shows of a limit: to the byte, so that what nobody changed is saved as it was.
pub fn megabytes(texts: Texts, bytes: Option<u64>) -> String {
    let Some(bytes) = bytes else { return String::new() };
    let (whole, rest) = (bytes / MEGABYTE, bytes % MEGABYTE);
    let decimals = format!("{rest:0DECIMALS$}");
    match decimals.trim_end_matches('0') {
        "" => whole.to_string(),
        decimals => format!("{whole}{}{decimals}", texts.decimal_mark()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn what_a_form_shows_is_saved_as_it_was() {
        for texts in Locale::all().map(Texts::of) {
            let limits = [LIMITS.0, 999_999, MEGABYTE, 1_500_000, 123_456_789, 5_000_000_000, LIMITS.1];
            for limit in limits.map(Some).into_iter().chain([None]) {
                assert_eq!(bytes(texts, &megabytes(texts, limit), "a").unwrap(), limit);
            }
        }
        assert_eq!(megabytes(Texts::of(Locale::ENGLISH), Some(1_500_000)), "1.5");
        assert_eq!(megabytes(Texts::of(Locale::french()), Some(500_000)), "0,5");
    }

    #[test]
    fn a_limit_is_a_number_of_megabytes_or_none() {
        let texts = Texts::of(Locale::ENGLISH);
        for (typed, limit) in [("  5000 ", 5_000_000_000), ("1,5", 1_500_000), ("0.000001", 1), ("0001.50", 1_500_000)]
        {
            assert_eq!(bytes(texts, typed, "a").unwrap(), Some(limit), "{typed}");
        }
        for wrong in ["0", "-1", "5 GB", "1.2.3", "1.", ".5", "0.0000001", "+5", "1000000001", "99999999999999999999"] {
            let problem = bytes(texts, wrong, "a").unwrap_err();
            let problem = problem.field("megabytes").unwrap();
            assert_eq!((problem.code.as_str(), problem.data["group"].as_str()), ("no-megabytes", "a"), "{wrong}");
            assert_eq!((problem.data["least"].as_str(), problem.data["most"].as_str()), ("0.000001", "1000000000"));
        }
    }
}
