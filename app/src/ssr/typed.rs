//! What was typed into a form that comes back with an error. A cookie that no script reads brings it to the page, so that
//! it stands in no address and in no log; the page takes the cookie away as it shows the form. Passwords and codes are
//! never among it.

use http::request::Parts;
use leptos::prelude::use_context;
use service::Failure;

use super::{
    context,
    convert::{convert, is_plain_form},
    cookies,
};
use crate::error::AppError;

/// Characters of one field that are kept: no name and no address is longer.
const LONGEST: usize = 320;

/// Characters of a cookie that every browser takes, with its name and what else it says.
const MOST: usize = 3_800;

/// What the fields of a form held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// The value of a field; empty when nothing is known of it.
    pub fn text(&self, field: &str) -> String {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// True when a box of this name and value was ticked.
    pub fn is_ticked(&self, field: &str, value: &str) -> bool {
        self.0.iter().any(|(name, ticked)| name == field && ticked == value)
    }
}

/// A form on its way through its door.
#[derive(Debug)]
pub struct Form {
    door: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Form {
    /// The form of a door with those of its fields that come back.
    pub fn of(door: &'static str, fields: &[(&'static str, &str)]) -> Self {
        let cut = |value: &str| value.chars().take(LONGEST).collect();
        Self { door, fields: fields.iter().map(|(name, value)| (*name, cut(value))).collect() }
    }

    /// The error with which the form comes back, what it held beside it.
    pub fn back(&self, failure: Failure) -> AppError {
        let is_plain = use_context::<Parts>().is_some_and(|parts| is_plain_form(&parts));
        if is_plain && let Ok(visitor) = context::visitor() {
            let person = person(&visitor);
            let mut fields = self.fields.as_slice();
            loop {
                let value = written(self.door, &person, fields);
                if value.len() <= MOST {
                    cookies::set(cookies::short_lived(cookies::TYPED, &value, visitor.secure));
                    break;
                }
                // What comes last is typed once more: the whole of it would be lost otherwise.
                let Some((_, fewer)) = fields.split_last() else { break };
                fields = fewer;
            }
        }
        convert(failure)
    }
}

/// What the form of a door held, when it came back with an error; else nothing. A second look finds nothing, and so does
/// somebody else who signs in here.
pub fn take(door: &str, error: Option<&AppError>) -> Typed {
    let find = || {
        error?;
        let visitor = context::visitor().ok()?;
        let parts = use_context::<Parts>()?;
        let value = cookies::read(&parts.headers, &cookies::name(cookies::TYPED, visitor.secure))?;
        let fields = read(value, door, &person(&visitor))?;
        cookies::set(cookies::taken_away(cookies::TYPED, visitor.secure));
        Some(Typed(fields))
    };
    find().unwrap_or_default()
}

fn person(visitor: &context::Visitor) -> String {
    visitor.actor.as_ref().map(|actor| actor.user_id.to_string()).unwrap_or_default()
}

/// As the value of a cookie: JSON in signs that every cookie takes.
fn written(door: &str, person: &str, fields: &[(&str, String)]) -> String {
    let json = serde_json::json!([door, person, fields]).to_string();
    let sign =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    json.bytes().map(sign).collect()
}

fn read(value: &str, door: &str, person: &str) -> Option<Vec<(String, String)>> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let code = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    let (of_door, of_person, fields): (String, String, Vec<(String, String)>) = serde_json::from_slice(&bytes).ok()?;
    (of_door == door && of_person == person).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_to_its_own_form_and_its_own_person() {
        let fields = [("name", "Élodie; \"O=K\" 100 %, 本".to_owned()), ("groups", "1".to_owned())];
        let value = written("/api/app/x", "somebody", &fields);
        assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%'), "{value}");
        let typed = Typed(read(&value, "/api/app/x", "somebody").unwrap());
        assert_eq!(typed.text("name"), "Élodie; \"O=K\" 100 %, 本");
        assert_eq!(typed.text("other"), "");
        assert!(typed.is_ticked("groups", "1") && !typed.is_ticked("groups", "2"));
        assert_eq!(read(&value, "/api/app/y", "somebody"), None);
        assert_eq!(read(&value, "/api/app/x", ""), None);
        for broken in ["", "%", "%5", "%ZZ", "%é", "x"] {
            assert_eq!(read(broken, "/api/app/x", "somebody"), None, "{broken}");
        }
    }
}
