//! What the house decides for itself.

use std::time::Duration;

use service::{AuditAction, FailureKind, Keeping, Resource};

use crate::house::{House, PASSWORD, book};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn what_is_changed_is_foretold_kept_and_written_down() {
    let (house, admin) = House::new().await;
    let settings = house.services.house();
    assert_eq!(settings.keeping(&admin).await.unwrap(), Keeping::default());
    house.packed(&admin, &book("A Book")).await;
    house.clock.pass(40 * DAY);
    let shorter = Keeping { job_days: 30, ..Keeping::default() };
    assert_eq!(settings.outlook(&admin, &Keeping::default()).await.unwrap().jobs, 0);
    let outlook = settings.outlook(&admin, &shorter).await.unwrap();
    assert_eq!(outlook.jobs, 2);
    settings.change(&admin, &Keeping::default(), &shorter, &"".into()).await.unwrap();
    assert_eq!(settings.keeping(&admin).await.unwrap(), shorter);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().jobs, outlook.jobs);
    assert!(house.audited(&admin).await.contains(&(AuditAction::Changed, Resource::Settings)));
}

#[tokio::test]
async fn values_out_of_their_limits_and_a_change_on_top_of_another_are_refused() {
    let (house, admin) = House::new().await;
    let settings = house.services.house();
    let usual = Keeping::default();
    for wrong in [
        Keeping { upload_hours: 0, ..usual },
        Keeping { job_days: 3_651, ..usual },
        Keeping { audit_days: 29, ..usual },
        Keeping { source_days: 3_651, ..usual },
        Keeping { package_days: 3_651, ..usual },
    ] {
        assert_eq!(settings.change(&admin, &usual, &wrong, &"".into()).await.unwrap_err().code(), "invalid");
        assert_eq!(settings.outlook(&admin, &wrong).await.unwrap_err().code(), "invalid");
    }
    settings.change(&admin, &usual, &Keeping { upload_hours: 48, ..usual }, &"".into()).await.unwrap();
    let late = settings.change(&admin, &usual, &Keeping { upload_hours: 12, ..usual }, &"".into()).await;
    assert_eq!(late.unwrap_err().code(), "settings-changed-meanwhile");
    assert_eq!(settings.keeping(&admin).await.unwrap().upload_hours, 48);
}

#[tokio::test]
async fn an_upload_lives_as_long_as_the_house_says() {
    let (house, admin) = House::new().await;
    let usual = Keeping::default();
    house.services.house().change(&admin, &usual, &Keeping { upload_hours: 2, ..usual }, &"".into()).await.unwrap();
    let new = service::NewUpload { file_name: "a.epub".to_owned(), size: 5, group: None, fingerprint: None };
    let upload = house.services.uploads().begin(&admin, new).await.unwrap();
    assert_eq!(upload.expires_at.0 - upload.created_at.0, 2 * 3_600_000);
}

#[tokio::test]
async fn less_of_the_audit_log_is_kept_only_for_whoever_knows_the_password() {
    let (house, admin) = House::new().await;
    let (settings, usual) = (house.services.house(), Keeping::default());
    let shorter = Keeping { audit_days: 30, ..usual };
    for wrong in ["", "a wrong guess", &"x".repeat(200)] {
        let refused = settings.change(&admin, &usual, &shorter, &wrong.into()).await.unwrap_err();
        let FailureKind::Invalid(problems) = &refused.kind else { panic!("{refused:?}") };
        assert_eq!((problems[0].field, problems[0].code), ("current", "wrong"), "{wrong}");
    }
    // Whoever claims to have seen less than there is changes nothing.
    let claimed = settings.change(&admin, &shorter, &Keeping { job_days: 60, ..shorter }, &"".into()).await;
    assert_eq!(claimed.unwrap_err().code(), "settings-changed-meanwhile");
    assert_eq!(settings.keeping(&admin).await.unwrap(), usual);
    settings.change(&admin, &usual, &shorter, &PASSWORD.into()).await.unwrap();
    assert_eq!(settings.keeping(&admin).await.unwrap(), shorter);
    // More is kept without it, and so is everything else.
    settings.change(&admin, &shorter, &Keeping { audit_days: 60, job_days: 30, ..shorter }, &"".into()).await.unwrap();
    let mut last = "";
    let longer = Keeping { audit_days: 60, job_days: 30, ..shorter };
    for _ in 0..11 {
        last = settings.change(&admin, &longer, &shorter, &"a guess".into()).await.unwrap_err().code();
    }
    assert_eq!(last, "busy", "who guesses is slowed");
}
