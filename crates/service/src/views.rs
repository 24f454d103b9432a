//! Views of the catalogue that people keep under a name: each their own.

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
    services::Services,
};

/// Views of one person: as many as a list shows at a glance.
const MOST: u64 = 30;
/// Characters of a name: a line of the list.
const LONGEST_NAME: usize = 60;
/// Characters of a query: every filter at its longest.
const LONGEST_QUERY: usize = 1000;

/// A view of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// The query of its address, with `?`, or nothing.
    pub query: String,
}

/// The use cases of saved views.
#[derive(Debug, Clone, Copy)]
pub struct Views<'a> {
    pub(crate) services: &'a Services,
}

impl Views<'_> {
    /// One's own views, by name.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<SavedView>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let views = self.services.store().saved_views().list_of(actor.user_id).await?;
        Ok(views.into_iter().map(|view| SavedView { name: view.name, query: view.query }).collect())
    }

    /// Keeps a view; one of the same name gives way to it.
    ///
    /// # Errors
    /// `Invalid` on `name` or `query`; `Conflict` `too-many-views`.
    pub async fn save(&self, actor: &Actor, view: &SavedView) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let name = view.name.trim();
        if name.is_empty() {
            return Err(Failure::invalid("name", "required"));
        }
        if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Failure::invalid("name", "too-long"));
        }
        let is_query = view.query.is_empty() || view.query.starts_with('?');
        if !is_query || view.query.chars().count() > LONGEST_QUERY || view.query.chars().any(char::is_control) {
            return Err(Failure::invalid("query", "invalid"));
        }
        let mut transaction = self.services.store().begin_write().await?;
        let stored = store::saved_views::SavedView { name: name.to_owned(), query: view.query.clone() };
        transaction.saved_views().put(actor.user_id, &stored, self.services.now()).await?;
        // Counted after it was written: of two at once neither passes the limit.
        if transaction.saved_views().count_of(actor.user_id).await? > MOST {
            return Err(Failure::conflict("too-many-views", [("limit", MOST.to_string())]));
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets one of one's own views. What is not there is not missed.
    pub async fn delete(&self, actor: &Actor, name: &str) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let mut transaction = self.services.store().begin_write().await?;
        transaction.saved_views().remove(actor.user_id, name).await?;
        transaction.commit().await?;
        Ok(())
    }
}
