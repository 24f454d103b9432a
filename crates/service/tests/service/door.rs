//! What somebody who is known costs at the door and somebody who is not: the same work, statement by statement.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use service::{Client, FailureKind};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::house::{House, PASSWORD};

/// Everything that the database is asked and every password that is compared, in its order.
#[derive(Clone, Default)]
struct Work(Arc<Mutex<Vec<String>>>);

impl Work {
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no test has panicked with it"))
    }
}

#[derive(Default)]
struct Told {
    message: String,
    statement: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "statement" {
            value.clone_into(&mut self.statement);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}

impl Subscriber for Work {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        target.starts_with("store") || target.starts_with("service")
    }

    fn event(&self, event: &Event<'_>) {
        let mut told = Told::default();
        event.record(&mut told);
        if !told.statement.is_empty() || told.message.contains("a password is compared") {
            self.0.lock().expect("no test has panicked with it").push(format!("{}: {}", told.message, told.statement));
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn a_name_that_somebody_has_costs_what_one_costs_that_nobody_has() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    // Known: one who has come in from many places, one who never has, and one who may no longer.
    house.editor(&admin).await;
    for number in 0..60 {
        let from = Client { address: [10, 1, 0, number].into(), user_agent: String::new() };
        accounts.sign_in("Ed", &PASSWORD.into(), &from).await.unwrap();
    }
    let gone = house.person(&admin, "Gil", service::Role::VIEWER).await;
    accounts.set_active(&admin, gone.user_id, false).await.unwrap();
    house.services.accounts().sign_in("nobody at first", &PASSWORD.into(), &address(0, 0)).await.unwrap_err();

    let work = Work::default();
    let _heard = tracing::subscriber::set_default(work.clone());
    let mut seen = Vec::new();
    for (place, name) in ["Nobody", "Ed", "Gil"].into_iter().enumerate() {
        let mut each = Vec::new();
        for attempt in 0..14 {
            let from = address(u8::try_from(place).unwrap() + 1, attempt);
            work.taken();
            let failure = accounts.sign_in(name, &"a wrong guess".into(), &from).await.unwrap_err();
            each.push((failure, work.taken()));
        }
        seen.push((name, each));
    }
    let (_, nobody) = &seen[0];
    let compared = |work: &[String]| work.iter().filter(|line| line.contains("compared")).count();
    for (attempt, (failure, work)) in nobody.iter().enumerate() {
        let is_slowed = matches!(failure.kind, FailureKind::Busy { .. });
        assert_eq!(is_slowed, attempt >= 10, "{attempt}: {failure:?}");
        assert_eq!(compared(work), usize::from(!is_slowed), "{attempt}: {work:?}");
        assert_eq!(work.len() - compared(work), 1, "one statement: {work:?}");
    }
    for (name, each) in &seen[1..] {
        assert_eq!(each, nobody, "{name}");
    }
}

fn address(third: u8, fourth: u8) -> Client {
    Client { address: [10, 9, third, fourth].into(), user_agent: String::new() }
}
