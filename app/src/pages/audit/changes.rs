//! What an entry says was there before and is there now, in the words of the reader.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use serde_json::Value;
use service::{AuditEntry, Group, Role};

use crate::texts::Texts;

/// The tags of the groups by their ids: the log keeps ids, which outlive a tag.
#[derive(Debug, Clone, Default)]
pub(super) struct Tags(BTreeMap<String, String>);

impl From<Vec<Group>> for Tags {
    fn from(groups: Vec<Group>) -> Self {
        Self(groups.into_iter().map(|group| (group.id.to_string(), group.tag.to_string())).collect())
    }
}

/// Each member that changed, with what it was and what it is.
pub(super) fn changes(texts: Texts, entry: &AuditEntry, tags: &Tags) -> impl IntoView + use<> {
    let members = |value: &Option<Value>| value.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (members(&entry.before), members(&entry.after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names
        .into_iter()
        .map(|name| {
            let said = |value: &Value| said(texts, tags, name, value);
            let before = before.get(name).map(said);
            let after = after.get(name).map(said).unwrap_or_default();
            let name = member(texts, name);
            view! { <div><dt>{name}</dt><dd>{before.map(|before| view! { <del>{before}</del>" → " })}<ins>{after}</ins></dd></div> }
        })
        .collect_view();
    view! { <dl class="audit__changes">{changes}</dl> }
}

/// What a member is called; by its key, where the catalogue has no word for it.
fn member(texts: Texts, name: &str) -> String {
    let known = texts.known_word("audit-member", name).or_else(|| texts.known_word("field", name));
    known.or_else(|| texts.known_word("setting", name)).unwrap_or(name).to_owned()
}

fn said(texts: Texts, tags: &Tags, name: &str, value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => texts.say("audit.yes").to_owned(),
        Value::Bool(false) => texts.say("audit.no").to_owned(),
        Value::Array(values) if values.is_empty() => "–".to_owned(),
        Value::Array(values) => {
            values.iter().map(|value| said(texts, tags, name, value)).collect::<Vec<_>>().join(", ")
        }
        Value::Number(number) => match (name, number.as_u64()) {
            ("size" | "received" | "quota_bytes", Some(bytes)) => texts.size(bytes),
            ("expires_at", Some(at)) => i64::try_from(at).map(|at| texts.moment(at)).unwrap_or_default(),
            _ => number.to_string(),
        },
        Value::String(text) => word(texts, tags, name, text),
        Value::Object(_) => value.to_string(),
    }
}

/// A value that is a word of the product, or an id, as the rest of the pages say it.
fn word(texts: Texts, tags: &Tags, name: &str, text: &str) -> String {
    let known = |family| texts.known_word(family, text).map(str::to_owned);
    let said = match name {
        "group" | "groups" => tags.0.get(text).cloned(),
        "roles" => text.parse::<Role>().ok().map(|role| texts.role(&role)),
        "rights" => known("rights"),
        "kind" => known("kind"),
        "source" => known("source"),
        "permissions" => text
            .split_once('.')
            .map(|(resource, action)| texts.labelled(&texts.word("resource", resource), &texts.word("action", action))),
        _ => None,
    };
    said.unwrap_or_else(|| text.to_owned())
}
