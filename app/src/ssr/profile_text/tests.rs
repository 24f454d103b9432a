//! What the form changes in a text, and what it leaves.

use super::*;

fn text(name: &str) -> String {
    Profile::built_in_text(name).unwrap().to_owned()
}

/// The form as a browser sends it when nobody has touched it.
fn untouched(name: &str) -> ProfileForm {
    let text = text(name);
    let mut form = ProfileForm { shown: text.clone(), text: text.clone(), ..ProfileForm::default() };
    for (path, values) in read(&text).unwrap() {
        let shape = ENTRIES.into_iter().find(|(known, _)| *known == path).unwrap().1;
        if shape == Shape::Choices {
            form.lists.insert(path.to_owned(), values);
        } else {
            form.values.insert(path.to_owned(), values.concat().replace('\n', "\r\n"));
        }
    }
    form
}

fn with(name: &str, path: &str, value: &str) -> String {
    let mut form = untouched(name);
    form.values.insert(path.to_owned(), value.to_owned());
    merged(&form)
}

/// The lines of a text that another does not have.
fn new_lines<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.lines().filter(|line| !before.lines().any(|known| known == *line)).collect()
}

#[test]
fn a_form_that_nobody_touched_gives_the_text_byte_for_byte() {
    for profile in Profile::built_ins() {
        assert_eq!(merged(&untouched(&profile.name)), text(&profile.name));
    }
}

#[test]
fn every_value_of_every_profile_is_in_the_form() {
    let mut missing = Vec::new();
    for profile in Profile::built_ins() {
        let document: DocumentMut = text(&profile.name).parse().unwrap();
        let mut tables = vec![(String::new(), document.as_table().clone())];
        while let Some((prefix, table)) = tables.pop() {
            for (key, item) in &table {
                let path = format!("{prefix}{key}");
                match item.as_table() {
                    Some(inner) if path != "severities" => tables.push((format!("{path}."), inner.clone())),
                    // What releases are to be like is written by whoever writes rules: as text.
                    _ if path == "tests" || ENTRIES.iter().any(|(known, _)| *known == path) => {}
                    _ => missing.push(path),
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn one_value_changes_one_line_and_no_comment() {
    let before = text("scene-ebook");
    let after = with("scene-ebook", "nfo.columns", "72");
    assert_eq!(new_lines(&after, &before), ["columns = 72"]);
    assert_eq!(after.matches('#').count(), before.matches('#').count());
    let after = with("scene-ebook", "naming.patterns.book", "{title}  {year} eBOOK");
    assert_eq!(new_lines(&after, &before), [r#"book = ["{title}", "{year}", "eBOOK"]"#]);
    let after = with("scene-ebook", "severities", "ESP-306 = info\r\n");
    assert_eq!(Profile::parse(&after, "").unwrap().severities.len(), 1);
}

#[test]
fn a_comment_behind_a_value_stays() {
    let mut form = untouched("plain");
    form.text = form.text.replacen("columns = 80", "columns = 80 # as wide as a terminal", 1);
    form.shown.clone_from(&form.text);
    form.values.insert("nfo.columns".to_owned(), "60".to_owned());
    assert!(merged(&form).contains("columns = 60 # as wide as a terminal"));
}

#[test]
fn what_was_typed_as_toml_and_what_was_changed_in_the_form_are_both_kept() {
    let mut form = untouched("plain");
    form.text = form.text.replacen("columns = 80", "columns = 70", 1);
    form.values.insert("nfo.encoding".to_owned(), "cp437".to_owned());
    let merged = merged(&form);
    assert!(merged.contains("columns = 70") && merged.contains(r#"encoding = "cp437""#), "{merged}");
}

#[test]
fn a_template_of_ones_own_is_kept_and_the_products_is_none() {
    let usual = template::built_in_nfo("plain").unwrap();
    let own = format!("{usual}\r\nGreetings, 'all' of \"you\"\r\n");
    let after = with("plain", "nfo.text", &own);
    let profile = Profile::parse(&after, "").unwrap();
    assert_eq!(profile.nfo.text.as_deref(), Some(own.replace("\r\n", "\n").as_str()));
    let mut form = ProfileForm { shown: after.clone(), text: after, ..ProfileForm::default() };
    form.values.insert("nfo.text".to_owned(), usual.to_owned());
    assert_eq!(Profile::parse(&merged(&form), "").unwrap().nfo.text, None);
}

#[test]
fn what_has_no_box_and_the_order_of_a_list_stay_as_they_were_typed() {
    let mut form = untouched("plain");
    let list = text("plain").lines().find(|line| line.starts_with("formats = ")).unwrap().to_owned();
    form.text = form.text.replacen(&list, r#"formats = ["pdf", "epub", "pd"]"#, 1);
    form.lists.insert("formats".to_owned(), vec!["epub".to_owned(), "pdf".to_owned()]);
    form.shown.clone_from(&form.text);
    assert_eq!(merged(&form), form.text);
    assert!(is_filled_from(&form, &form.text));
}

#[test]
fn a_line_that_is_not_whole_waits_while_one_types_and_is_told_when_it_is_sent() {
    let mut form = untouched("plain");
    for typed in ["ESP-306", "ESP-306 =", "ESP-306 = info\r\nESP"] {
        form.values.insert("severities".to_owned(), typed.to_owned());
        let text = merged_so_far(&form);
        assert!(Profile::parse(&text, "").is_ok(), "{typed}: {text}");
        assert!(is_filled_from(&form, &text), "{typed}: {text}");
    }
    assert!(Profile::parse(&merged(&form), "").is_err());
}

#[test]
fn a_blank_at_the_end_of_what_is_typed_fills_nothing_anew() {
    let mut form = untouched("plain");
    form.values.insert("naming.authors.others".to_owned(), "and ".to_owned());
    form.values.insert("nfo.columns".to_owned(), "060".to_owned());
    assert!(is_filled_from(&form, &merged_so_far(&form)));
}

#[test]
fn another_layout_brings_its_tables_and_takes_the_others_away() {
    for (from, to) in [("plain", "scene-ebook"), ("scene-ebook", "bagit"), ("bagit", "plain")] {
        let profile = Profile::parse(&with(from, "layout", to), "").unwrap();
        assert_eq!(word(profile.layout), to);
    }
}

#[test]
fn what_is_wrong_stays_as_it_was_typed_and_is_said_by_the_profile() {
    let after = with("plain", "nfo.columns", "many");
    assert!(Profile::parse(&after, "").unwrap_err().message.contains("many"), "{after}");
    let mut form = untouched("plain");
    form.text = "name = ".to_owned();
    form.values.insert("nfo.columns".to_owned(), "60".to_owned());
    assert_eq!(merged(&form), "name = ");
}
