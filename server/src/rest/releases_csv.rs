//! The list of releases as a table for other programs (RFC 4180), page by page as it is read.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use service::{Actor, Failure, ReleaseQuery, ReleaseSummary, Services};

use super::releases::ListQuery;
use crate::{
    failure::ApiResult,
    input::QueryParts,
    visitor::{Reading, SignedInActor},
};

/// Releases of one query: memory does not grow with the list.
const PAGE: u32 = 100;
/// The columns, by the names that the API has for them.
const HEAD: &str =
    "id,title,authors,language,year,kind,format,source,isbn,status,name,group,profile,rights,size,file_name\r\n";

/// `GET /api/v1/releases.csv`, with the query of the list.
pub(super) async fn export(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    QueryParts(query): QueryParts<ListQuery>,
) -> ApiResult<Response> {
    let mut query = query.into_query()?;
    query.limit = PAGE;
    // A refusal is known before the first byte is sent.
    let first = lines(&services, &actor, &mut query).await?;
    let next = query.after.is_some().then_some((services, actor, query));
    let rest = stream::unfold(next, |next| async move {
        let (services, actor, mut query) = next?;
        match lines(&services, &actor, &mut query).await {
            Ok(text) => {
                let next = query.after.is_some().then_some((services, actor, query));
                Some((Ok(text), next))
            }
            // The answer breaks off, and the client sees that it is not whole.
            Err(failure) => Some((Err(std::io::Error::other(failure.code())), None)),
        }
    });
    let text = stream::iter([Ok(format!("{HEAD}{first}"))]).chain(rest);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"releases.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(text)).into_response())
}

/// The lines of one page; the query then asks for the next, or has none.
async fn lines(services: &Services, actor: &Actor, query: &mut ReleaseQuery) -> Result<String, Failure> {
    let page = services.releases().list(actor, query).await?;
    query.after = page.next;
    Ok(page.items.iter().map(line).collect())
}

fn line(release: &ReleaseSummary) -> String {
    let cells = [
        release.id.to_string(),
        release.title.clone(),
        release.authors.clone(),
        release.language.clone().unwrap_or_default(),
        release.year.map(|year| year.to_string()).unwrap_or_default(),
        release.kind.word().to_owned(),
        release.format.map(|format| format.word().to_owned()).unwrap_or_default(),
        release.source.tag().to_owned(),
        release.isbn.clone().unwrap_or_default(),
        release.status.word().to_owned(),
        release.name.clone().unwrap_or_default(),
        release.group.as_ref().map(|group| group.tag.to_string()).unwrap_or_default(),
        release.profile.clone(),
        release.rights_basis.as_ref().map(|basis| basis.word().to_owned()).unwrap_or_default(),
        release.size.to_string(),
        release.file_name.clone(),
    ];
    cells.map(|cell| cell_text(&cell)).join(",") + "\r\n"
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe: titles come from books.
fn cell_text(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(cell_text("plain"), "plain");
        assert_eq!(cell_text("War, and \"Peace\""), "\"War, and \"\"Peace\"\"\"");
        assert_eq!(cell_text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell_text("a\r\nb"), "\"a\r\nb\"");
    }
}
