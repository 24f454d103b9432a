//! Books: the files as given, and what was read from them.

use std::collections::BTreeMap;

use packer::{
    finding::{Finding, FindingCode, Place, Severity},
    format::Format,
    hash::{Crc32, Sha256},
    metadata::BookMetadata,
};
use serde::Serialize;

use crate::{
    BookId, StoreError, Timestamp, Transaction, UserId,
    cell::Json,
    connection::{Reads, list, optional},
    placeholders::{ROWS_AT_ONCE, VALUES_AT_ONCE, placeholder_rows, placeholders},
    row::{CellError, Record, Row},
    statement::{composed, statement},
};

/// A book as stored. Its findings are asked for apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Book {
    /// Which.
    pub id: BookId,
    /// The hash its bytes are stored under.
    pub sha256: Sha256,
    /// The other checksum.
    pub crc32: Crc32,
    /// Its bytes.
    pub size: u64,
    /// The name it came with.
    pub file_name: String,
    /// What was read from it; absent before the inspection, or when it could not be read at all.
    pub inspection: Option<BookInspection>,
    /// When it was inspected, whatever came of it.
    pub inspected_at: Option<Timestamp>,
    /// When its bytes were thrown away, because they are kept for so long only; nothing while they are there.
    pub source_removed_at: Option<Timestamp>,
    /// Who sent it in.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// A book to come.
#[derive(Debug, Clone)]
pub struct NewBook {
    /// Which.
    pub id: BookId,
    /// The hash its bytes are stored under.
    pub sha256: Sha256,
    /// The other checksum.
    pub crc32: Crc32,
    /// Its bytes.
    pub size: u64,
    /// The name it came with.
    pub file_name: String,
    /// Who sent it in.
    pub created_by: UserId,
}

/// What an inspection gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BookInspection {
    /// The format, told by content first.
    pub format: Format,
    /// What the book says of itself.
    pub metadata: BookMetadata,
    /// The table of contents, as the packer's reader wrote it.
    pub chapters: serde_json::Value,
    /// The protection, as the packer's reader wrote it.
    pub protection: serde_json::Value,
    /// The cover's bytes in the blob store, and their media type.
    pub cover: Option<BookCover>,
    /// Which version of the product inspected it; at most 40 characters.
    pub inspector_version: String,
}

/// Where a book's cover is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookCover {
    /// The hash its bytes are stored under.
    pub sha256: Sha256,
    /// `image/jpeg` and its like.
    pub media_type: String,
    /// The hash that a small JPEG of it is stored under, where there is one.
    pub thumbnail: Option<Sha256>,
}

/// How many findings of each severity a book has; a severity without findings is absent.
pub type FindingCounts = BTreeMap<Severity, u64>;

impl Record for Book {
    const TABLE: &'static str = "books";

    fn read(row: &Row) -> Result<Self, CellError> {
        let inspection = match row.optional::<Format>("format")? {
            None => None,
            Some(format) => Some(BookInspection {
                format,
                metadata: row.get::<Json<_>>("metadata")?.0,
                chapters: row.get::<Json<_>>("chapters")?.0,
                protection: row.get::<Json<_>>("protection")?.0,
                cover: match row.optional("cover_sha256")? {
                    None => None,
                    Some(sha256) => Some(BookCover {
                        sha256,
                        media_type: row.get("cover_media_type")?,
                        thumbnail: row.optional("thumbnail_sha256")?,
                    }),
                },
                inspector_version: row.get("inspector_version")?,
            }),
        };
        Ok(Self {
            id: row.get("id")?,
            sha256: row.get("sha256")?,
            crc32: row.get("crc32")?,
            size: row.get("size")?,
            file_name: row.get("file_name")?,
            inspection,
            inspected_at: row.optional("inspected_at")?,
            source_removed_at: row.optional("source_removed_at")?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// A finding with the book it belongs to. A newtype, because `Finding` is the packer's.
struct FindingRow(Finding);

impl Record for FindingRow {
    const TABLE: &'static str = "book_findings";
    const KEY: &'static str = "book_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self(Finding {
            code: FindingCode::stored(row.get("code")?),
            severity: row.get("severity")?,
            place: Place {
                file: row.optional("file")?,
                line: row.optional("line")?,
                column: row.optional("column_number")?,
            },
            data: row.get::<Json<_>>("data")?.0,
        }))
    }
}

/// The same beside its book.
struct BookFindingRow {
    book: BookId,
    finding: Finding,
}

impl Record for BookFindingRow {
    const TABLE: &'static str = "book_findings";
    const KEY: &'static str = "book_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { book: row.get("book_id")?, finding: FindingRow::read(row)?.0 })
    }
}

/// How many findings of one severity one book has.
struct CountRow {
    book_id: BookId,
    severity: Severity,
    number: u64,
}

impl Record for CountRow {
    const TABLE: &'static str = "book_findings";
    const KEY: &'static str = "book_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { book_id: row.get("book_id")?, severity: row.get("severity")?, number: row.get("number")? })
    }
}

/// Books, read through a store or a transaction.
#[derive(Debug)]
pub struct Books<C>(pub(crate) C);

impl<C: Reads> Books<C> {
    /// The book with an id.
    pub async fn lookup(mut self, id: BookId) -> Result<Option<Book>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM books WHERE id = ?").bind(id)).await
    }

    /// The books with these ids, in no order. One statement for a page of them.
    pub async fn list_by_ids(mut self, ids: &[BookId]) -> Result<Vec<Book>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!("SELECT * FROM books WHERE id IN ({})", placeholders(ids.len())));
            found.extend(list(&mut self.0, query.bind_all(ids)).await?);
        }
        Ok(found)
    }

    /// The books with the same bytes, the oldest first.
    pub async fn list_by_sha256(mut self, sha256: &Sha256) -> Result<Vec<Book>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM books WHERE sha256 = ? ORDER BY id").bind(sha256)).await
    }

    /// The findings of a book, in the order of the inspection.
    pub async fn findings(mut self, id: BookId) -> Result<Vec<Finding>, StoreError> {
        let findings = statement("SELECT * FROM book_findings WHERE book_id = ? ORDER BY position").bind(id);
        Ok(list::<FindingRow>(&mut self.0, findings).await?.into_iter().map(|row| row.0).collect())
    }

    /// The findings of each of these books, in the order of its inspection; one without findings is absent. One statement
    /// for a page of books.
    pub async fn list_findings(mut self, ids: &[BookId]) -> Result<BTreeMap<BookId, Vec<Finding>>, StoreError> {
        let mut found = BTreeMap::<BookId, Vec<Finding>>::new();
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!(
                "SELECT * FROM book_findings WHERE book_id IN ({}) ORDER BY book_id, position",
                placeholders(ids.len())
            ));
            for row in list::<BookFindingRow>(&mut self.0, query.bind_all(ids)).await? {
                found.entry(row.book).or_default().push(row.finding);
            }
        }
        Ok(found)
    }

    /// How many findings each of these books has; one without findings is absent. One statement for a page of books.
    pub async fn count_findings(mut self, ids: &[BookId]) -> Result<BTreeMap<BookId, FindingCounts>, StoreError> {
        let mut counts = BTreeMap::<BookId, FindingCounts>::new();
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!(
                "SELECT book_id, severity, COUNT(*) AS number FROM book_findings WHERE book_id IN ({}) \
                 GROUP BY book_id, severity",
                placeholders(ids.len())
            ));
            for row in list::<CountRow>(&mut self.0, query.bind_all(ids)).await? {
                counts.entry(row.book_id).or_default().insert(row.severity, row.number);
            }
        }
        Ok(counts)
    }
}

impl Books<&mut Transaction> {
    /// Adds a book that nobody has read yet.
    pub async fn add(self, book: &NewBook, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO books (id, sha256, crc32, size, file_name, created_by, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(book.id)
        .bind(book.sha256)
        .bind(book.crc32)
        .bind(book.size)
        .bind(&book.file_name)
        .bind(book.created_by)
        .bind(now);
        self.0.execute(insert).await.map(drop)
    }

    /// Keeps what an inspection gave, in the place of what an earlier one gave. Without a result the book could not be
    /// read; the findings may say why. False when there is no such book.
    pub async fn record_inspection(
        self,
        id: BookId,
        inspection: Option<&BookInspection>,
        findings: &[Finding],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let cover = inspection.and_then(|inspection| inspection.cover.as_ref());
        let update = statement(
            "UPDATE books SET format = ?, metadata = ?, chapters = ?, protection = ?, cover_sha256 = ?, \
             cover_media_type = ?, thumbnail_sha256 = ?, inspector_version = ?, inspected_at = ? WHERE id = ?",
        )
        .bind(inspection.map(|inspection| inspection.format))
        .bind(inspection.map(|inspection| Json(&inspection.metadata)))
        .bind(inspection.map(|inspection| Json(&inspection.chapters)))
        .bind(inspection.map(|inspection| Json(&inspection.protection)))
        .bind(cover.map(|cover| cover.sha256))
        .bind(cover.map(|cover| cover.media_type.as_str()))
        .bind(cover.and_then(|cover| cover.thumbnail))
        .bind(inspection.map(|inspection| inspection.inspector_version.as_str()))
        .bind(now)
        .bind(id);
        if self.0.execute(update).await? == 0 {
            return Ok(false);
        }
        self.0.execute(statement("DELETE FROM book_findings WHERE book_id = ?").bind(id)).await?;
        let numbered: Vec<(u64, &Finding)> = (0..).zip(findings).collect();
        for rows in numbered.chunks(ROWS_AT_ONCE) {
            let mut insert = composed(format!(
                "INSERT INTO book_findings (book_id, position, code, severity, file, line, column_number, data) \
                 VALUES {}",
                placeholder_rows(rows.len(), 8)
            ));
            for (position, finding) in rows {
                insert = insert
                    .bind(id)
                    .bind(*position)
                    .bind(finding.code.as_str())
                    .bind(finding.severity)
                    .bind(finding.place.file.as_deref())
                    .bind(finding.place.line)
                    .bind(finding.place.column)
                    .bind(Json(&finding.data));
            }
            self.0.execute(insert).await?;
        }
        Ok(true)
    }

    /// Forgets a book and its findings; no release may have it any more. False when there is no such book. Whether its
    /// bytes can go is what [`Blobs::is_needed`](crate::blobs::Blobs::is_needed) says afterwards.
    pub async fn delete(self, id: BookId) -> Result<bool, StoreError> {
        Ok(self.0.execute(statement("DELETE FROM books WHERE id = ?").bind(id)).await? > 0)
    }
}
