//! Books of every kind, read whole.

mod corpus;
mod hostile;
mod metadata;
mod protection;

use std::io::Cursor;

use super::{InspectError, Inspection, inspect};
use crate::{limits::Limits, watch::Unwatched};

fn read(bytes: Vec<u8>, name: &str) -> Result<Inspection, InspectError> {
    inspect(&mut Cursor::new(bytes), name, &Limits::default(), &Unwatched)
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
}
