//! The rows of a database as a file: one JSON value a line, compressed.
//!
//! A line with an object begins a table, a line with an array is a row of it.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Seek, Write},
};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use sha2::{Digest, Sha256};
use store::copy::{Cell, CopyError, Snapshot, Table};

use super::manifest::TableSum;

/// Rows that are handed on together.
const ROWS_AT_ONCE: usize = 500;

/// Sums up rows, whatever their order.
#[derive(Debug, Default)]
pub(super) struct RowSum {
    rows: u64,
    combined: [u8; 32],
}

impl RowSum {
    fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        for (sum, byte) in self.combined.iter_mut().zip(Sha256::digest(line)) {
            *sum ^= byte;
        }
    }

    fn finish(&self) -> TableSum {
        TableSum { rows: self.rows, checksum: packer::hash::Sha256(self.combined).to_string() }
    }
}

/// Writes every row of these tables. Blocks on the disk: it belongs where nothing else waits.
pub(super) async fn write(
    snapshot: &mut Snapshot,
    tables: &[Table],
    file: File,
) -> Result<BTreeMap<String, TableSum>, CopyError> {
    let mut file = GzEncoder::new(BufWriter::new(file), Compression::fast());
    let mut sums = BTreeMap::new();
    for table in tables {
        writeln!(file, "{}", serde_json::to_string(table).map_err(io::Error::from)?)?;
        let mut sum = RowSum::default();
        snapshot
            .rows(table, |row| {
                let line = serde_json::to_vec(&row)?;
                sum.add(&line);
                file.write_all(&line)?;
                file.write_all(b"\n")
            })
            .await?;
        sums.insert(table.name.clone(), sum.finish());
    }
    file.finish()?.flush()?;
    Ok(sums)
}

/// Sums up every row that is in the database now.
pub(super) async fn sum(snapshot: &mut Snapshot, tables: &[Table]) -> Result<BTreeMap<String, TableSum>, CopyError> {
    let mut sums = BTreeMap::new();
    for table in tables {
        let mut sum = RowSum::default();
        snapshot
            .rows(table, |row| {
                sum.add(&serde_json::to_vec(&row)?);
                Ok(())
            })
            .await?;
        sums.insert(table.name.clone(), sum.finish());
    }
    Ok(sums)
}

/// Reads rows again, some at a time.
pub(super) struct RowReader {
    lines: io::Lines<BufReader<GzDecoder<BufReader<File>>>>,
    table: Option<Table>,
    next_table: Option<Table>,
    sums: BTreeMap<String, RowSum>,
}

impl RowReader {
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        file.rewind()?;
        let lines = BufReader::new(GzDecoder::new(BufReader::new(file))).lines();
        Ok(Self { lines, table: None, next_table: None, sums: BTreeMap::new() })
    }

    /// Some rows of one table; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(Table, Vec<Vec<Cell>>)>> {
        loop {
            if let Some(table) = self.next_table.take() {
                self.sums.insert(table.name.clone(), RowSum::default());
                self.table = Some(table);
            }
            let mut rows = Vec::new();
            while rows.len() < ROWS_AT_ONCE && self.next_table.is_none() {
                let Some(line) = self.lines.next().transpose()? else { break };
                if line.starts_with('{') {
                    self.next_table = Some(serde_json::from_str(&line)?);
                    break;
                }
                let table = self.table.as_ref().ok_or_else(|| io::Error::other("a row stands before its table"))?;
                self.sums.entry(table.name.clone()).or_default().add(line.as_bytes());
                rows.push(serde_json::from_str(&line)?);
            }
            match &self.table {
                Some(table) if !rows.is_empty() => return Ok(Some((table.clone(), rows))),
                _ if self.next_table.is_none() => return Ok(None),
                _ => {}
            }
        }
    }

    /// What was read so far.
    pub(super) fn sums(&self) -> BTreeMap<String, TableSum> {
        self.sums.iter().map(|(table, sum)| (table.clone(), sum.finish())).collect()
    }
}
