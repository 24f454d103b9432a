//! What is done with releases that were chosen in a list.

use service::{Actor, Services};

use super::{
    convert::{answer_with, convert},
    review::{problem, release_id},
};
use crate::{
    error::AppError,
    model::{chosen::ChosenForm, paths},
};

/// The most releases of one form: a page of the list has fewer.
const MOST: usize = 100;

/// Has every chosen package verified. What one of them does not allow is told after the others have begun.
pub async fn act(services: &Services, actor: &Actor, form: &ChosenForm) -> Result<(), AppError> {
    let ids = form.releases.iter().take(MOST).map(|id| release_id(id)).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        return Err(answer_with(AppError::Invalid { fields: vec![problem("releases", "required")] }));
    }
    if form.action != "verify" {
        return Err(answer_with(AppError::Malformed));
    }
    let mut first_failure = None;
    for id in ids {
        if let Err(failure) = services.releases().verify(actor, id).await {
            first_failure.get_or_insert(failure);
        }
    }
    if let Some(failure) = first_failure {
        return Err(convert(failure));
    }
    let back = if paths::is_local(&form.back) { form.back.as_str() } else { paths::RELEASES };
    crate::ssr::convert::lead_to(&paths::with(back, "done", "verify-begun"));
    Ok(())
}
