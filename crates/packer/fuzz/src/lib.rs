//! What the targets share.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use packer::{
    checks::COULD_NOT_RUN,
    inspect::{InspectError, Inspection, Source, inspect},
    limits::Limits,
    verify::{Files, OpenError, VerifyError, VerifyLimits},
    watch::Unwatched,
};

/// A byte that stands in no UTF-8: it parts the files of one input.
const BREAK: u8 = 0xff;

/// The parts of an input, each for a file of its own.
pub fn parts(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    input.split(|byte| *byte == BREAK)
}

/// One input of several files.
pub fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.join(&BREAK)
}

/// Reads a book from memory, with the limits that everybody has.
pub fn read(bytes: &[u8], name: &str) -> Option<Inspection> {
    match inspect(&mut Cursor::new(bytes), name, &Limits::default(), &Unwatched) {
        Ok(inspection) => {
            let panicked = inspection.findings.iter().find(|finding| finding.code == COULD_NOT_RUN);
            assert!(panicked.is_none(), "a rule panicked: {panicked:?}");
            Some(inspection)
        }
        Err(InspectError::Io(error)) => panic!("memory does not fail: {error}"),
        Err(_) => None,
    }
}

/// Files in memory.
pub struct InMemory(pub BTreeMap<String, Vec<u8>>);

impl Files for InMemory {
    fn list(&self, _limits: &VerifyLimits) -> Result<Vec<String>, VerifyError> {
        Ok(self.0.keys().cloned().collect())
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.get(path).map(|bytes| bytes.len() as u64)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError> {
        self.0
            .get(path)
            .map(|bytes| Box::new(Cursor::new(bytes.as_slice())) as Box<dyn Source>)
            .ok_or(OpenError::Missing)
    }

    fn read(&self, path: &str) -> Result<Box<dyn Read + '_>, OpenError> {
        self.0.get(path).map(|bytes| Box::new(bytes.as_slice()) as Box<dyn Read>).ok_or(OpenError::Missing)
    }
}
