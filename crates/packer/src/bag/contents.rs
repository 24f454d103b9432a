//! The payload of the bag that a release becomes.

use crate::{bag::PAYLOAD, plan::Plan, planned_files::cover_name};

/// One file of the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PayloadFile<'a> {
    /// The path inside the bag.
    pub(crate) path: String,
    /// Bytes.
    pub(crate) size: u64,
    /// The bytes themselves; nothing for the book, which is read while it is written.
    pub(crate) bytes: Option<&'a [u8]>,
}

/// The payload: the book, its NFO and its cover.
pub(crate) fn payload(plan: &Plan) -> Vec<PayloadFile<'_>> {
    let file = |name: &str, size, bytes| PayloadFile { path: format!("{PAYLOAD}{name}"), size, bytes };
    let book = file(&plan.book_file_name, plan.book_size, None);
    let nfo = file(&format!("{}.nfo", plan.name), plan.nfo.len() as u64, Some(plan.nfo.as_slice()));
    let cover = plan
        .cover
        .as_ref()
        .map(|cover| file(&cover_name(&cover.media_type), cover.bytes.len() as u64, Some(cover.bytes.as_slice())));
    [book, nfo].into_iter().chain(cover).collect()
}
