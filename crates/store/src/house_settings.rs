//! What the house decided for itself: a number under each name.

use std::collections::BTreeMap;

use crate::{
    StoreError, Timestamp, Transaction,
    connection::{Reads, list},
    row::{CellError, Record, Row},
    statement::statement,
};

/// One setting.
struct Setting {
    name: String,
    number: u32,
}

impl Record for Setting {
    const TABLE: &'static str = "house_settings";
    const KEY: &'static str = "name";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { name: row.get("name")?, number: row.get("number")? })
    }
}

/// The settings, read through a store or a transaction.
#[derive(Debug)]
pub struct HouseSettings<C>(pub(crate) C);

impl<C: Reads> HouseSettings<C> {
    /// Every setting that somebody has changed, by its name of at most 40 characters.
    pub async fn all(mut self) -> Result<BTreeMap<String, u32>, StoreError> {
        let found = list::<Setting>(&mut self.0, statement("SELECT name, number FROM house_settings")).await?;
        Ok(found.into_iter().map(|setting| (setting.name, setting.number)).collect())
    }
}

impl HouseSettings<&mut Transaction> {
    /// Keeps a setting in the place of what it was.
    pub async fn put(self, name: &str, number: u32, now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM house_settings WHERE name = ?").bind(name)).await?;
        let insert = statement("INSERT INTO house_settings (name, number, updated_at) VALUES (?, ?, ?)");
        self.0.execute(insert.bind(name).bind(number).bind(now)).await.map(drop)
    }
}
