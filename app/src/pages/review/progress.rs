//! How far the packing of a batch is: a line over its rows, until the next batch.

use leptos::prelude::*;
use service::BatchProgress;

use crate::{model::paths, texts::texts};

/// Counts what is packed of what was sent last; nothing where nothing was sent. What it comes to is read out once, at its
/// end.
#[component]
pub fn Progress(batch: Option<BatchProgress>) -> impl IntoView {
    let say = texts();
    let batch = batch.filter(|batch| batch.all() > 0);
    let is_over = batch.is_some_and(|batch| batch.under_way == 0);
    let line = batch.map(|batch| {
        let label = say.say_with("review.packed-of", &[("packed", &batch.packed), ("count", &batch.all())]);
        let bar = (!is_over).then(|| {
            let (ended, all) = (batch.packed + batch.failed, batch.all());
            view! { <progress max=all.to_string() value=ended.to_string() aria-label=say.say("review.packing")></progress> }
        });
        let failed = (batch.failed > 0).then(|| {
            view! { <a href=paths::JOBS_FAILED>{say.count("review.not-packed", batch.failed)}</a> }
        });
        view! {
            <span id="batch-counted" data-over=is_over.to_string()>{label}</span>
            {bar}
            {failed}
            {(batch.packed > 0).then(|| view! { <a href=paths::OWN_PACKED>{say.say("review.see-packed")}</a> })}
        }
    });
    let over = batch.filter(|_| is_over).map(|batch| say.count("review.batch-over", batch.packed));
    view! {
        <p id="batch-progress" class="batch__progress" data-live>{line}</p>
        <p id="batch-over" class="unseen" data-live role="status">{over}</p>
    }
}
