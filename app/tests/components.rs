//! Parts of pages, rendered to text.
#![cfg(feature = "ssr")]

use std::collections::BTreeMap;

use app::{
    components::{
        address_waits::AddressWaits,
        copy_button::CopyButton,
        error_view::error_view,
        finding::Findings,
        form::{FormError, TextField},
        mark::{JobMark, ReleaseMark, SeverityMark},
    },
    error::{AppError, FieldProblem},
    model::locale::Locale,
    texts::Texts,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use packer::finding::{Finding, FindingCode, Place, Severity};
use service::{JobState, Status};

#[expect(clippy::unwrap_used, reason = "a language of the interface")]
fn french() -> Locale {
    Locale::from_tag("fr").unwrap()
}

fn html<V: IntoView>(locale: Locale, view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_meta_context();
        provide_context(locale);
        view().into_view().to_html()
    })
}

fn wrong(field: &str) -> AppError {
    let data = BTreeMap::from([("shortest".to_owned(), "12".to_owned())]);
    AppError::Invalid { fields: vec![FieldProblem { field: field.into(), code: "too-short".into(), data }] }
}

#[test]
fn a_wrong_field_says_so_to_eyes_and_ears_and_takes_the_focus() {
    let page = html(Locale::ENGLISH, || {
        view! {
            <TextField name="username" label="Username" error=Some(wrong("password")) autofocus=true />
            <TextField name="password" label="Password" hint="A hint" error=Some(wrong("password")) />
        }
    });
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 1, "{page}");
    assert!(page.contains("aria-describedby=\"field-password-hint field-password-problem\""), "{page}");
    assert!(page.contains("Too short: at least 12 characters."), "{page}");
    assert_eq!(page.matches("autofocus").count(), 1, "{page}");
    for field in ["username", "password"] {
        assert!(page.contains(&format!("for=\"field-{field}\"")) && page.contains(&format!("id=\"field-{field}\"")));
    }
}

#[test]
fn an_address_that_waits_says_what_holds_until_then_in_a_sentence() {
    let said = |locale, present: Option<&str>, sends_mail| {
        let present = present.map(str::to_owned);
        html(locale, || view! { <AddressWaits waits="It waits.".to_owned() present sends_mail /> })
    };
    let ada = Some("ada@example.org");
    assert!(said(Locale::ENGLISH, ada, true).contains("Until then letters go to: ada@example.org"));
    assert!(said(Locale::ENGLISH, None, true).contains("Until then there is no address, and no letter is sent."));
    assert!(said(Locale::ENGLISH, None, false).contains("Until then there is no address.<"));
    assert!(said(french(), ada, false).contains("Jusque-là, l’adresse est\u{a0}: ada@example.org"));
}

#[test]
fn a_state_has_an_icon_and_a_word_in_both_languages() {
    for locale in Locale::all() {
        let texts = Texts::of(locale);
        for status in Status::ALL {
            let mark = html(locale, || view! { <ReleaseMark status=*status /> });
            assert!(mark.contains("<svg") && mark.contains(texts.word("status", status.word())), "{mark}");
        }
        for state in JobState::ALL {
            let mark = html(locale, || view! { <JobMark state=*state /> });
            assert!(mark.contains("<svg") && mark.contains(texts.word("job-state", state.word())), "{mark}");
        }
        for severity in Severity::ALL {
            let mark = html(locale, || view! { <SeverityMark severity /> });
            assert!(mark.contains(texts.word("severity", severity.word())), "{mark}");
        }
    }
}

#[test]
fn only_a_job_that_is_all_well_is_green() {
    for state in JobState::ALL {
        let mark = html(Locale::ENGLISH, || view! { <JobMark state=*state /> });
        assert_eq!(mark.contains("mark--good"), *state == JobState::Done, "{mark}");
    }
}

#[test]
fn every_error_page_says_what_to_do_next_and_shows_no_code() {
    let errors = [
        AppError::SignedOut,
        AppError::Forbidden,
        AppError::not_found("release"),
        AppError::Unavailable,
        AppError::Conflict { code: "nobody-knows-this".into(), data: BTreeMap::new() },
        AppError::Internal { incident: "01JINCIDENT".into() },
    ];
    for error in errors {
        for locale in Locale::all() {
            let page = html(locale, || error_view(&error));
            assert!(page.contains("class=\"button button--primary\""), "{page}");
            assert!(!page.contains("nobody-knows-this"), "{page}");
            assert!(!page.contains(" style=") && !page.contains(" onclick="), "{page}");
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert_eq!(page.matches("<main").count(), 1, "{page}");
        }
    }
    let page = html(Locale::ENGLISH, || error_view(&AppError::Internal { incident: "01JINCIDENT".into() }));
    assert!(page.contains("01JINCIDENT"), "{page}");
}

#[test]
fn a_form_that_came_back_is_announced() {
    let page = html(french(), || {
        view! { <FormError error=Some(AppError::Conflict { code: "wrong-credentials".into(), data: BTreeMap::new() }) /> }
    });
    assert!(page.contains("role=\"alert\"") && page.contains("ne vont pas ensemble"), "{page}");
    assert!(!html(french(), || view! { <FormError error=None /> }).contains("alert"));
}

#[test]
fn what_a_book_says_of_itself_is_text_and_never_markup() {
    let finding = Finding::new(FindingCode::new("OPF-014"), Severity::Error)
        .at(Place::at("<script>alert(1)</script>.xhtml", 3, 1))
        .with("property", "<b>");
    let page = html(Locale::ENGLISH, || view! { <Findings findings=vec![finding] blocking=vec![0] /> });
    assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
    assert!(page.contains("/findings/OPF-014") && page.contains(":3:1"), "{page}");
    assert!(page.contains("keeps the release from being packed"), "{page}");
    let copy = html(Locale::ENGLISH, || view! { <CopyButton text="a\"b".to_owned() what="x".to_owned() /> });
    assert!(copy.contains("data-copy=\"a&quot;b\""), "{copy}");
}
