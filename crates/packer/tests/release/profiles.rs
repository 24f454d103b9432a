//! Profiles as TOML.

use packer::{
    format::Format,
    profile::{Layout, Profile, ProfileError},
};

const SCENE: &str = include_str!("../../profiles/scene-ebook.toml");

fn mistake(from: &str, to: &str) -> ProfileError {
    assert_eq!(SCENE.matches(from).count(), 1, "{from}");
    Profile::parse(&SCENE.replace(from, to), "mine.toml").unwrap_err()
}

/// Line and column, from 1, of a piece of the profile's text.
fn place_of(piece: &str) -> (usize, usize) {
    let before = &SCENE[..SCENE.find(piece).unwrap()];
    (before.matches('\n').count() + 1, before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1)
}

#[test]
fn there_are_three_built_in_profiles() {
    let names: Vec<(&str, Layout)> =
        Profile::built_ins().map(|profile| (profile.name.as_str(), profile.layout)).collect();
    assert_eq!(names, [("scene-ebook", Layout::SceneEbook), ("plain", Layout::Plain), ("bagit", Layout::Bagit)]);
    assert!(names.iter().all(|(name, _)| Profile::built_in(name).is_some_and(|profile| profile.name == *name)));
    assert!(Profile::built_in("scene-ebook").unwrap().accepts(Format::Epub));
    assert!(Profile::built_in("other").is_none());
}

#[test]
fn a_profile_written_as_toml_is_read_back_as_it_was() {
    for profile in Profile::built_ins() {
        let text = profile.to_toml().unwrap();
        assert_eq!(&Profile::parse(&text, "copy.toml").unwrap(), profile, "{text}");
    }
}

#[test]
fn a_mistake_has_its_file_line_column_and_a_reason() {
    for (from, to, at, reason) in [
        ("version = 1", "version = 0", "1\nlayout", "0 is not between 1 and"),
        ("version = 1", "versoin = 1", "version = 1", "unknown field `versoin`"),
        ("name = \"scene-ebook\"", "name = \"My Profile\"", "\"scene-ebook\"\nversion", "the name of a profile is"),
        ("layout = \"scene-ebook\"", "layout = \"tower\"", "\"scene-ebook\"\n# Findings", "unknown variant `tower`"),
        (
            "fixes = [\"ESP-309\"]",
            "fixes = [\"ESP-301\"]",
            "[\"ESP-309\"]",
            "nothing mends `ESP-301`; there are ESP-309, ESP-323",
        ),
        ("separator = \".\"", "separator = \"/\"", "\".\"\nlongest", "the separator is `.` or `_`, not `/`"),
        ("longest = 243", "longest = 244", "243\n", "244 is not between 64 and 243"),
        ("\"cp437\"", "\"latin-1\"", "\"cp437\"", "unknown variant `latin-1`"),
        ("columns = 44", "columns = 80", "44\n", "80 is not between 20 and 44"),
        ("most = 99", "most = 100", "99\n", "100 is not between 1 and 99"),
        ("sizes = [5_000_000, 10", "sizes = [50_000_000, 10", "[5_000_000", "the sizes are 1 to 32 numbers"),
        (
            "template = \"scene-ebook\"\nencoding",
            "template = \"nice\"\nencoding",
            "\"scene-ebook\"\nencoding",
            "there is no template `nice`",
        ),
        ("severities = []", "severities = [\"grave\"]", "[]", "unknown variant `grave`"),
        (
            "[\"{title}\", \"{day}\"",
            "[\"{titel}\", \"{day}\"",
            "[\"{title}\", \"{day}\"",
            "there is no `{titel}`; there are {author}",
        ),
        ("[\"{title}\", \"{day}\"", "[\"{day}\"", "[\"{title}\", \"{day}\"", "a pattern has a component `{title}`"),
    ] {
        let error = mistake(from, to);
        assert_eq!(error.file, "mine.toml");
        assert!(error.message.contains(reason), "{error}");
        let (line, column) = place_of(at);
        assert_eq!(error.line, line, "{error}");
        assert!((column..column + 4).contains(&error.column), "{error}: expected column {column}");
    }
}

#[test]
fn a_layout_without_what_it_needs_is_refused_at_the_layout() {
    let volumes = &SCENE[SCENE.find("[volumes]").unwrap()..SCENE.find("# Severities").unwrap()];
    let error = mistake(volumes, "");
    assert_eq!((error.line, error.message.as_str()), (5, "the layout `scene-ebook` needs a table `volumes`"));
    let error = mistake("layout = \"scene-ebook\"", "layout = \"plain\"");
    assert_eq!(error.message, "the layout `plain` has no table `diz`");
}

#[test]
fn no_text_makes_the_reader_panic() {
    for text in ["", "[", "name = ", "\u{feff}", "name = \"a\"\n\u{0}", "a.b.c = 1", &"[".repeat(10_000)] {
        assert!(Profile::parse(text, "x").is_err());
    }
}

#[test]
fn the_built_in_profiles_hold_their_own_tests() {
    for (name, text) in [
        ("scene-ebook", SCENE),
        ("plain", include_str!("../../profiles/plain.toml")),
        ("bagit", include_str!("../../profiles/bagit.toml")),
    ] {
        let profile = Profile::prove(text, name).unwrap_or_else(|error| panic!("{error}"));
        assert!(profile.tests.len() > 1, "{name}");
        assert_eq!(Some(&profile), Profile::built_in(name));
    }
}

#[test]
fn a_test_that_does_not_hold_is_named_at_its_place() {
    for (from, to, at, reason) in [
        (
            "unnamed-language = \"en\"",
            "unnamed-language = \"fr\"",
            "\"Emile.Zola",
            "the name is `Emile.Zola.Ete.a.Paris.1880.RETAiL.ePUB.eBOOK-GRP`, not `Emile.Zola.Ete.a.Paris.1880.FRENCH",
        ),
        (
            "magazine = [\"title\", \"language\", \"issue\"]",
            "magazine = [\"title\", \"language\"]",
            "[\"ESP-321\"]",
            "`ESP-321` is not found",
        ),
        ("\"ESP-321\", \"ESP-403\"", "\"ESP-403\"", "true\n", "nothing blocks this release"),
        ("\"issue=70\"", "\"isue=70\"", "[\"kind=magazine\", \"title=Phrack\", \"issue", "there is no field `isue`"),
        ("\"ESP-601\", \"ESP-603\"", "\"ESP-601\", \"ESP-6O3\"", "\"ESP-603\"", "there is no finding `ESP-6O3`"),
        ("[severities]", "[severities]\n\"ESP-999\" = \"info\"", "\n# Faults of", "there is no finding `ESP-999`"),
    ] {
        assert_eq!(SCENE.matches(from).count(), 1, "{from}");
        let error = Profile::prove(&SCENE.replace(from, to), "mine.toml").unwrap_err();
        assert!(error.message.contains(reason), "{error}");
        assert_eq!(error.line, place_of(at).0, "{error}");
    }
}

#[test]
fn what_was_saved_is_read_though_its_tests_no_longer_hold() {
    let text = SCENE.replace("unnamed-language = \"en\"", "unnamed-language = \"fr\"");
    assert!(Profile::parse(&text, "saved.toml").is_ok());
}

#[test]
fn a_test_that_could_not_fail_is_refused_and_one_of_a_books_own_words_sees_what_is_mended() {
    let with = |test: &str| Profile::prove(&format!("{SCENE}\n[[tests]]\nformat = \"epub\"\n{test}\n"), "own.toml");
    let error = with("set = [\"title=A\"]").unwrap_err();
    assert!(error.message.contains("test 8 expects nothing"), "{error}");
    let book = "book = { title = \"A\", authors = [\"B C\"], languages = [\"French\"], date = \"2001\" }";
    with(&format!("{book}\nname = \"B.C.A.2001.FRENCH.RETAiL.ePUB.eBOOK-GRP\"\nfindings = [\"ESP-309\"]")).unwrap();
    let error = with(&format!("{book}\nname = \"B.C.A.2001.RETAiL.ePUB.eBOOK-GRP\"")).unwrap_err();
    assert!(error.message.contains("FRENCH"), "{error}");
}

#[test]
fn a_profile_has_no_more_tests_than_somebody_waits_for() {
    let test = "\n[[tests]]\nformat = \"pdf\"\nblocked = false\n".repeat(101);
    let error = Profile::parse(&format!("{SCENE}{test}"), "many.toml").unwrap_err();
    assert!(error.message.contains("at most 100 tests, not 108"), "{error}");
}

#[test]
fn a_template_that_cannot_work_is_named_where_it_stands_in_the_profile() {
    let own = |text: &str| SCENE.replacen("[nfo]\n", &format!("[nfo]\ntext = {text}\n"), 1);
    let line = place_of("[nfo]\n").0;
    for (text, below, column, in_template, message) in [
        ("\"\"\"\n{{ title }}\n  {{ titel }}\n\"\"\"", 3, 6, (2, 6), "undefined value"),
        ("'''{{ title | uper }}'''", 1, 22, (1, 12), "filter uper is unknown"),
        ("\"{{ title }}\\n{{ titel }}\"", 1, 25, (2, 4), "undefined value"),
    ] {
        let error = Profile::prove(&own(text), "mine.toml").unwrap_err();
        assert_eq!((error.line, error.column), (line + below, column), "{text}: {error}");
        assert!(
            error.message.starts_with("in the template of the NFO, line ") && error.message.contains(message),
            "{error}"
        );
        let (file, mistake) = *error.template.unwrap();
        assert_eq!((file, (mistake.line, mistake.column)), ("NFO", in_template));
    }
    let diz = SCENE.replacen("[diz]\n", "[diz]\ntext = \"{{ disk | wide }}\"\n", 1);
    let error = Profile::prove(&diz, "mine.toml").unwrap_err();
    assert_eq!((error.line, error.template.unwrap().0), (place_of("[diz]\n").0 + 1, "DIZ"));
    // Without a test of its own a profile is proved as well; one that was saved is read.
    let (alone, _) = SCENE.split_once("[[tests]]").unwrap();
    let broken = alone.replacen("[nfo]\n", "[nfo]\ntext = \"{{ titel }}\"\n", 1);
    assert!(Profile::prove(alone, "alone.toml").is_ok());
    assert!(Profile::prove(&broken, "alone.toml").unwrap_err().template.is_some());
    assert!(Profile::parse(&broken, "alone.toml").is_ok());
}
