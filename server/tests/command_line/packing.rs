//! `pack` and `name`.

use std::fs;

use packer::builder::{Book, Entry, Kindle, Pdf, image::png};

use crate::{
    binary::Place,
    sample_book::{epub, large, protected},
};

const NAME: &str = "Ana.Autrice.Ete.a.Paris.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP";

#[test]
fn a_book_becomes_a_package_that_verifies_and_opens_in_foreign_tools() {
    let place = Place::new();
    let book = epub("Été à Paris");
    place.write("été.epub", &book);
    let run = place.pack(&["été.epub"]).ends_with(0);
    assert_eq!(run.results, format!("out/{NAME}\n"));
    assert_eq!(place.names("out"), [NAME]);
    place.run(&["verify", &format!("out/{NAME}")]).ends_with(0);

    let package = format!("out/{NAME}");
    let zip = place.names(&package).into_iter().find(|name| name.ends_with("01.zip")).unwrap();
    place.foreign(&package, "sha256sum", &["--check", "--strict", "SHA256SUMS"]);
    place.foreign(&package, "cksfv", &["-q", "-f", &format!("{NAME}.sfv")]);
    place.foreign(&package, "unzip", &["-qq", "-d", "../../unzipped", &zip]);
    let volume = zip.replace("01.zip", ".rar");
    place.foreign("unzipped", "unar", &["-quiet", "-no-directory", &volume]);
    assert!(fs::read(place.path().join("unzipped").join(format!("{NAME}.epub"))).unwrap() == book);
}

#[test]
fn each_format_has_its_word_in_the_name_and_its_extension_in_the_package() {
    let place = Place::new();
    let page = |name: &str| Entry::stored(name, png(20, 30));
    let comic = Book::empty().entry(page("1.png")).entry(page("2.png"));
    let pdf = Pdf::new().object(4, "<< /Title (Phare) /ModDate (D:2024) >>").trailer("/Info 4 0 R");
    for (file, bytes, word) in [
        ("a.pdf", pdf.build(), ""),
        ("a.mobi", Kindle::new(6, "Phare").build(), "MOBI."),
        ("a.prc", Kindle::new(6, "Phare").build(), "PRC."),
        ("a.azw3", Kindle::new(8, "Phare").build(), "KF8."),
        ("a.cbz", comic.build(), "CBZ."),
    ] {
        place.write(file, &bytes);
        let options = ["--profile", "plain", "--set", "title=Phare", "--set", "year=2024", "--set", "language=en"];
        let out = format!("out/{file}");
        let run = place.pack(&[&[file, "--out", &out][..], &options].concat()).ends_with(0);
        let package = run.results.trim();
        assert!(package.contains(&format!(".{word}eBOOK-GRP")), "{package}");
        let extension = file.split_once('.').unwrap().1;
        assert!(place.names(package).iter().any(|name| name.ends_with(&format!("-GRP.{extension}"))), "{package}");
    }
}

#[test]
fn the_same_book_gives_the_same_bytes_from_another_directory_and_under_another_name() {
    let (one, other) = (Place::new(), Place::new());
    one.write("a.epub", &epub("Été à Paris"));
    other.write("deep/er/b.epub", &epub("Été à Paris"));
    for profile in ["scene-ebook", "plain"] {
        one.pack(&["a.epub", "--profile", profile, "--out", profile]).ends_with(0);
        other.pack(&["deep/er/b.epub", "--profile", profile, "--out", profile]).ends_with(0);
        let (first, second) = (one.path().join(profile), other.path().join(profile));
        one.foreign("", "diff", &["--recursive", first.to_str().unwrap(), second.to_str().unwrap()]);
    }
}

#[test]
fn a_taken_name_is_refused_and_left_as_it_is_and_the_others_go_on() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    place.write("b.epub", &epub("Autre"));
    place.write(&format!("out/{NAME}/somebody"), b"was here");
    let run = place.pack(&["a.epub", "b.epub"]).ends_with(4);
    assert!(run.messages.contains("exists already") && run.messages.contains("--out"), "{}", run.messages);
    assert_eq!(place.names(&format!("out/{NAME}")), ["somebody"]);
    assert_eq!(place.names("out").len(), 2, "the other book is packed");
}

#[test]
fn of_two_books_of_one_name_the_second_is_refused_also_in_a_dry_run() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    place.write("b.epub", &large("Été à Paris", 10));
    let run = place.pack(&["a.epub", "b.epub", "--dry-run"]).ends_with(4);
    assert!(run.messages.contains("b.epub: an earlier book of this command"), "{}", run.messages);
    assert!(!run.messages.contains("exists already"), "nothing exists: {}", run.messages);
    assert_eq!(place.names("out"), [""; 0]);
    place.pack(&["a.epub", "b.epub"]).ends_with(4);
    let manifest = fs::read(place.path().join(format!("out/{NAME}/manifest.json"))).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["book"]["size"], epub("Été à Paris").len());
}

#[test]
fn a_dry_run_shows_the_files_and_writes_nothing() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    let dry = place.pack(&["a.epub", "--dry-run"]).ends_with(0);
    assert_eq!(place.names(""), ["a.epub"]);
    place.pack(&["a.epub"]).ends_with(0);
    for name in place.names(&format!("out/{NAME}")) {
        assert!(dry.results.contains(&name), "{name} is not in {}", dry.results);
    }
}

#[test]
fn a_protected_book_is_refused_with_the_name_of_the_scheme_and_nothing_is_left() {
    let place = Place::new();
    place.write("a.epub", &protected("Été à Paris"));
    for extra in [&[][..], &["--dry-run"]] {
        let run = place.pack(&[&["a.epub"], extra].concat()).ends_with(4);
        assert!(run.messages.contains("Adobe ADEPT"), "{}", run.messages);
        assert_eq!(place.names(""), ["a.epub"]);
    }
}

#[test]
fn what_cannot_be_read_or_is_no_book_ends_with_3_and_the_others_go_on() {
    let place = Place::new();
    place.write("text.txt", b"no book at all");
    place.write("good.epub", &epub("Été à Paris"));
    fs::create_dir(place.path().join("directory")).unwrap();
    for bad in ["none.epub", "text.txt", "directory"] {
        let run = place.pack(&[bad, "--out", "nowhere/at/all"]).ends_with(3);
        assert!(run.messages.contains(bad) && run.messages.contains("help: "), "{}", run.messages);
    }
    assert_eq!(place.names("").len(), 3, "nothing was made for them");
    place.pack(&["none.epub", "good.epub", "text.txt"]).ends_with(3);
    assert_eq!(place.names("out"), [NAME]);
}

/// Everything that the profile wants stated, and nothing else.
const TEMPLATE: &str = "{{ title }} by {{ group }}\n{{ release_date }} {{ publication_date }} {{ language }} {{ source }}\n\
    {{ author }}\n{{ rights_basis }} {{ rights_note }}\n";

#[test]
fn options_decide_name_templates_volume_id_and_date() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    place.write("nfo.jinja", TEMPLATE.as_bytes());
    place.write("diz.jinja", b"DISK: [{{ disk }}/{{ disks }}]\n");
    let arguments = [
        "a.epub",
        "--volume-id",
        "abc123",
        "--nfo-template",
        "nfo.jinja",
        "--set",
        "title=Autre",
        "--set",
        "authors=Ben",
        "--set",
        "authors=Cid",
        "--set",
        "year=1999",
        "--rights-note",
        "see the book",
    ];
    place.pack(&arguments).ends_with(0);
    let name = place.names("out").remove(0);
    assert!(name.contains("Ben") && name.contains("Cid") && name.contains("Autre.1999"), "{name}");
    let package = place.path().join("out").join(&name);
    assert!(package.join("abc12301.zip").exists());
    let nfo = fs::read_to_string(package.join(format!("{name}.nfo"))).unwrap();
    assert!(nfo.contains("Autre by GRP"), "{nfo}");

    place.write("broken.jinja", b"one\n{{ title");
    let run = place.pack(&["a.epub", "--nfo-template", "broken.jinja"]).ends_with(2);
    assert!(run.messages.contains("line 2"), "{}", run.messages);
    place.pack(&["a.epub", "--nfo-template", "none.jinja"]).ends_with(3);
    assert_eq!(place.names("out"), [name]);
}

#[test]
fn of_many_faults_the_heaviest_are_shown_and_what_decides_the_name_comes_before_those_of_the_book() {
    let place = Place::new();
    let links: Vec<String> = (0..20).map(|number| format!("<a href=\"none{number}.xhtml\">x</a>")).collect();
    place.write("a.epub", &Book::epub3().body(&links.concat()).build());
    let run = place.pack(&["a.epub", "--dry-run"]).ends_with(0);
    let shown: Vec<_> = run.messages.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(shown.len(), 10, "{}", run.messages);
    assert!(shown.iter().all(|line| line.contains("RSC-007")), "errors come before warnings: {shown:?}");
    place.write("b.epub", &Book::epub3().body("<a href=\"data:text/plain,x\">x</a>").without_metadata().build());
    let run = place.pack(&["b.epub", "--dry-run", "--set", "language=en"]);
    let bare = place.pack(&["b.epub"]).ends_with(1);
    assert!(bare.messages.contains("--set language=VALUE"), "{}", bare.messages);
    assert!(run.messages.contains("warning: ESP-303 ") && run.messages.contains("warning: ESP-305 "), "{run:?}");
}

#[test]
fn an_empty_file_and_half_a_book_become_no_release() {
    let place = Place::new();
    place.write("empty.epub", b"");
    let book = epub("Été à Paris");
    place.write("half.epub", &book[..book.len() / 2]);
    for (path, profile) in [("empty.epub", "plain"), ("half.epub", "scene-ebook")] {
        let run = place.pack(&[path, "--profile", profile, "--set", "language=fr"]).ends_with(1);
        assert!(run.messages.contains("error: PKG-008 ") && run.messages.contains("help: Download"), "{run:?}");
        assert_eq!(place.names("out"), [""; 0]);
    }
}

#[test]
fn what_a_finding_blocks_ends_with_1_and_says_which_and_nothing_is_written() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    place.write("nfo.jinja", b"This states nothing that the profile wants stated.\n");
    for extra in [&[][..], &["--dry-run"]] {
        let run = place.pack(&[&["a.epub", "--nfo-template", "nfo.jinja"], extra].concat()).ends_with(1);
        assert!(run.messages.contains("error: ESP-505 "), "{}", run.messages);
        assert!(run.messages.contains("help: Use the variable in the template."), "{}", run.messages);
        assert_eq!(place.names(""), ["a.epub", "nfo.jinja"]);
    }
}

#[test]
fn of_several_books_each_message_names_its_own_and_the_last_line_is_the_sum() {
    let place = Place::new();
    place.write("good.epub", &epub("Été à Paris"));
    place.write("again.epub", &large("Été à Paris", 10));
    let links: Vec<String> = (0..20).map(|number| format!("<a href=\"none{number}.xhtml\">x</a>")).collect();
    place.write("links.epub", &Book::epub3().body(&links.concat()).build());
    place.write("bare.epub", &Book::epub3().without_metadata().build());
    place.write("locked.epub", &protected("Fermé"));
    let books = ["good.epub", "links.epub", "bare.epub", "again.epub", "locked.epub", "none.epub"];
    let run = place.pack(&books).ends_with(4);
    let (messages, sum) = run.messages.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(sum, "2 packed, 1 blocked, 2 refused, 1 failed", "{}", run.messages);
    for line in messages.lines() {
        let (mark, rest) = line.split_once(": ").unwrap();
        assert!(["error", "warning", "help"].contains(&mark), "{line}");
        assert!(books.iter().any(|book| rest.starts_with(&format!("{book}: "))), "whose is this: {line}");
    }
    for line in ["warning: links.epub: RSC-007 ", "error: bare.epub: ", "help: bare.epub: ", "help: locked.epub: "] {
        assert!(run.messages.contains(line), "{line}: {}", run.messages);
    }
    assert_eq!(run.results.lines().count(), 2, "{}", run.results);

    let dry = place.pack(&["good.epub", "links.epub", "--dry-run", "--out", "other"]).ends_with(0);
    assert!(dry.messages.ends_with("\n2 would be packed, 0 blocked, 0 refused\n"), "{}", dry.messages);

    // One book is as it was, and a program reads the sum off the objects.
    let alone = place.pack(&["links.epub", "--dry-run", "--out", "other"]).ends_with(0);
    assert!(alone.messages.starts_with("warning: RSC-007 ") && !alone.messages.contains("packed,"), "{alone:?}");
    let json = place.pack(&["links.epub", "none.epub", "--dry-run", "--json", "--out", "other"]).ends_with(3);
    assert!(json.messages.starts_with("warning: RSC-007 ") && !json.messages.contains("packed,"), "{json:?}");
    assert_eq!(json.json().as_array().unwrap().len(), 2);
}

#[test]
fn json_is_one_object_for_one_book_and_an_array_for_several() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    let run = place.pack(&["a.epub", "--json"]).ends_with(0);
    let one = run.json();
    assert_eq!(one["release"], NAME);
    assert_eq!(one["target"], format!("out/{NAME}"));
    assert_eq!(one["date"], "2026-11-22");
    let paths: Vec<_> = one["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, place.names(&format!("out/{NAME}")));
    let several = place.pack(&["a.epub", "none.epub", "--json"]).ends_with(4).json();
    assert_eq!(several[0]["error"]["code"], "pack-target-exists");
    assert_eq!(several[1]["error"]["code"], "read-failed");
    assert!(several[1]["error"]["hint"].is_string());
    let dry = place.pack(&["a.epub", "--json", "--dry-run", "--out", "other"]).ends_with(0).json();
    assert_eq!((&dry["dry_run"], &dry["files"]), (&serde_json::json!(true), &serde_json::Value::Null));
    assert_eq!(dry["planned"].as_array().unwrap().len(), 5);
}

#[test]
fn name_prints_the_name_that_pack_gives() {
    let place = Place::new();
    place.write("a.epub", &epub("Été à Paris"));
    assert_eq!(place.run(&["name", "a.epub", "--group", "GRP"]).ends_with(0).results, format!("{NAME}\n"));
    let run = place.run(&["name", "a.epub", "--set", "title=War and Peace", "--profile", "plain"]).ends_with(0);
    assert!(run.results.contains("War.and.Peace") && run.results.ends_with("-GROUP\n"), "{}", run.results);
    place.run(&["name", "none.epub"]).ends_with(3);
    place.run(&["name", "a.epub", "--set", "title"]).ends_with(2);
}

#[test]
fn messages_carry_no_colour_and_no_progress_where_nobody_looks() {
    let place = Place::new();
    place.write("a.epub", &large("Été\u{1b}[31m à Paris", 3_000_000));
    for run in [place.pack(&["a.epub"]), place.pack(&["a.epub"]), place.run(&["check", "a.epub", "none.epub"])] {
        assert!(!run.messages.contains('\u{1b}') && !run.messages.contains('\r'), "{:?}", run.messages);
        assert!(!run.results.contains('\u{1b}'), "{:?}", run.results);
    }
}
