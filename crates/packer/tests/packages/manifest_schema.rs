//! The published schema and the manifests that are written agree.

use std::fs;

use serde_json::{Value, json};

use crate::sample::{bytes, packed, plain, plan, small_volumes};

fn schema() -> Value {
    let text = include_str!("../../../../docs/reference/manifest.schema.json");
    serde_json::from_str(text).unwrap()
}

/// The same schema, which knows no member that it does not name.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(members) => {
                if members.get("properties").is_some_and(Value::is_object) && members.contains_key("type") {
                    members.insert("additionalProperties".to_owned(), json!(false));
                }
                members.values_mut().for_each(close);
            }
            Value::Array(values) => values.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

fn manifest(profile: &packer::profile::Profile, assignments: &[&str]) -> Value {
    let root = tempfile::tempdir().unwrap();
    let package = packed(&plan(50_000, profile, assignments), &bytes(50_000), root.path()).unwrap();
    serde_json::from_slice(&fs::read(package.path.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn every_manifest_follows_the_schema_and_has_no_member_that_it_does_not_name() {
    let validator = jsonschema::validator_for(&closed(schema())).unwrap();
    let corrects = ["tags=NFOFiX", "corrects=Anonymous.Ete.a.Paris.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP"];
    let full =
        ["isbn=9783161484100", "authors=Ana", "authors=Ben", "issue-date=2024-02-29", "url=https://example.org/"];
    for (profile, assignments) in
        [(small_volumes(20_000), &[][..]), (plain(), &[][..]), (small_volumes(20_000), &corrects), (plain(), &full)]
    {
        let manifest = manifest(&profile, assignments);
        let errors: Vec<_> = validator.iter_errors(&manifest).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {manifest:#}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_manifest() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let good = manifest(&small_volumes(20_000), &[]);
    assert!(validator.is_valid(&good));
    for (pointer, wrong) in [
        ("/schema", json!("another")),
        ("/rights", json!(null)),
        ("/book/sha256", json!("00")),
        ("/files/0/size", json!(-1)),
        ("/release/group", json!("G")),
        ("/volumes/count", json!(100)),
    ] {
        let mut broken = good.clone();
        *broken.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&broken), "{pointer}");
    }
}

#[test]
fn the_texts_of_the_components_are_the_name_and_every_file_but_three_is_listed() {
    let manifest = manifest(&small_volumes(20_000), &[]);
    let components = manifest["release"]["components"].as_array().unwrap();
    let name: String = components.iter().map(|component| component["text"].as_str().unwrap()).collect();
    assert_eq!(manifest["release"]["name"], name);
    let files = manifest["files"].as_array().unwrap();
    let paths: Vec<_> = files.iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    let base = manifest["volumes"]["id"].as_str().unwrap();
    let mut expected: Vec<_> = (1..=3).map(|number| format!("{base}0{number}.zip")).collect();
    expected.extend([format!("{name}.nfo"), format!("{name}.sfv")]);
    expected.sort();
    assert_eq!(paths, expected);
}
