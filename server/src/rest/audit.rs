//! The audit log, page by page and as a file.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use service::{AuditEntry, AuditQuery, Failure, Page};

use crate::{failure::ApiResult, incident, input::QueryParts, state::AppState, visitor::SignedInActor};

/// What an export is written as.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// One line an entry, for a table.
    #[default]
    Csv,
    /// One object a line (JSON Lines), for programs.
    Json,
}

/// Which form; the filters stand beside it in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExportQuery {
    form: Form,
}

/// The columns of a table.
const COLUMNS: &str = "id,time,actor,token,address,action,resource,subject_id,subject,before,after\r\n";

/// `GET /api/v1/audit`.
pub(super) async fn list(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    QueryParts(query): QueryParts<AuditQuery>,
) -> ApiResult<Json<Page<AuditEntry>>> {
    Ok(Json(state.services.audit().list(&actor, &query).await?))
}

/// `GET /api/v1/audit/export`. It is written while it is read: memory does not grow with the log.
pub(super) async fn export(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    QueryParts(ExportQuery { form }): QueryParts<ExportQuery>,
    QueryParts(query): QueryParts<Filters>,
) -> ApiResult<Response> {
    let entries = state.services.audit().export(&actor, &query.into())?;
    let lines = entries.map_ok(move |entry| Bytes::from(line(form, &entry))).inspect_err(|failure: &Failure| {
        incident::report(failure);
    });
    let (head, media_type, name) = match form {
        Form::Csv => (COLUMNS, "text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        Form::Json => ("", "application/x-ndjson", "attachment; filename=\"audit.jsonl\""),
    };
    let body = Body::from_stream(stream::iter([Ok(Bytes::from(head))]).chain(lines));
    let headers: [(HeaderName, &str); 3] =
        [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

/// The filters of an export: those of the list, without its pages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filters {
    actor: Option<service::UserId>,
    action: Option<service::AuditAction>,
    resource: Option<service::Resource>,
    subject: Option<String>,
    from: Option<service::Timestamp>,
    until: Option<service::Timestamp>,
}

impl From<Filters> for AuditQuery {
    fn from(filters: Filters) -> Self {
        let Filters { actor, action, resource, subject, from, until } = filters;
        Self { actor, action, resource, subject, from, until, ..Self::default() }
    }
}

fn line(form: Form, entry: &AuditEntry) -> String {
    match form {
        Form::Json => serde_json::to_string(entry).map(|json| json + "\n").unwrap_or_default(),
        Form::Csv => {
            let json = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
            let cells = [
                entry.id.to_string(),
                entry.at.0.to_string(),
                entry.actor_name.clone(),
                entry.token_id.map(|id| id.to_string()).unwrap_or_default(),
                entry.address.clone().unwrap_or_default(),
                entry.action.to_string(),
                entry.resource.to_string(),
                entry.subject_id.clone().unwrap_or_default(),
                entry.subject_name.clone(),
                json(&entry.before),
                json(&entry.after),
            ];
            cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
        }
    }
}

/// A cell after RFC 4180. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let formula = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{formula}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_two_cells_nor_a_formula() {
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
