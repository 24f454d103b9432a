//! The file behind the objects: where each is, read when it is asked for and never before.
//!
//! Nothing here reads the whole file into memory. Objects are read through windows that grow to a limit, streams are
//! unpacked to a limit, and every object that is read counts against a budget for the whole book.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Read, SeekFrom},
};

use super::{
    cross_reference::{self, Section},
    filter,
    lexer::Lexer,
    object::{Dictionary, Object, Reference},
    rebuild,
};
use crate::{inspect::Source, limits::Limits, watch::Watch};

/// Bytes at the end in which `startxref` must be (ISO 32000-2, 7.5.5 and implementation notes of readers).
const TAIL: u64 = 2048;
/// Bytes in which the header must be.
const HEAD: u64 = 1024;
/// The first window for an object; most fit.
const WINDOW: u64 = 4096;
/// Sections that one file may be updated by.
const MOST_SECTIONS: usize = 1_000;
/// References to references.
const MOST_STEPS: usize = 32;

/// Why a file was not read further.
#[derive(Debug)]
pub(super) enum Stop {
    /// The source failed.
    Io(io::Error),
    /// The budget of objects is used up.
    Budget,
    /// The caller asked to stop.
    Cancelled,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Location {
    /// At an offset from the header.
    At(u64),
    /// In the stream of objects of this number.
    In(u32),
}

/// A stream of objects, unpacked.
struct Unpacked {
    number: u32,
    bytes: Vec<u8>,
    /// Where each of its objects begins.
    offsets: HashMap<u32, usize>,
}

/// What is odd about the file as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Oddities {
    /// Bytes stand before the header.
    pub(super) junk_before: bool,
    /// The list of objects was missing or wrong, and was made anew by looking through the file.
    pub(super) rebuilt: bool,
    /// The file does not end as it should.
    pub(super) no_end: bool,
}

/// An open file.
pub(super) struct PdfFile<'a> {
    source: &'a mut dyn Source,
    limits: &'a Limits,
    watch: &'a dyn Watch,
    size: u64,
    /// Where the header begins; offsets count from here.
    start: u64,
    /// The version that the header says, such as `1.7`.
    pub(super) version: Option<String>,
    pub(super) trailer: Dictionary,
    locations: HashMap<u32, Location>,
    pub(super) oddities: Oddities,
    /// Bytes that may still be read or unpacked.
    budget: u64,
    /// The stream of objects that was unpacked last: its neighbours are asked for next.
    unpacked: Option<Unpacked>,
}

impl<'a> PdfFile<'a> {
    /// Finds the header and the list of objects. Nothing comes when there is no header.
    pub(super) fn open(
        source: &'a mut dyn Source,
        limits: &'a Limits,
        watch: &'a dyn Watch,
    ) -> Result<Option<Self>, Stop> {
        let size = source.seek(SeekFrom::End(0))?;
        let mut file = Self {
            source,
            limits,
            watch,
            size,
            start: 0,
            version: None,
            trailer: Dictionary::default(),
            locations: HashMap::new(),
            oddities: Oddities::default(),
            budget: limits.pdf_work_bytes,
            unpacked: None,
        };
        let head = file.bytes(0, HEAD)?;
        let Some(start) = find(&head, b"%PDF-") else { return Ok(None) };
        file.start = start as u64;
        file.oddities.junk_before = start > 0;
        let version = head[start + 5..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').copied();
        file.version = String::from_utf8(version.collect()).ok().filter(|version| !version.is_empty());
        if !file.follow_sections()? || !file.has_root()? {
            file.rebuild()?;
        }
        Ok(Some(file))
    }

    /// Reads bytes at an offset of the file itself, fewer at its end.
    fn bytes(&mut self, offset: u64, length: u64) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::new();
        self.spend(length.min(self.size))?;
        if offset < self.size {
            self.source.seek(SeekFrom::Start(offset))?;
            Read::take(&mut *self.source, length).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Reads the sections of the list from the newest to the oldest. False when one of them cannot be read.
    fn follow_sections(&mut self) -> Result<bool, Stop> {
        let tail_at = self.size.saturating_sub(TAIL);
        let tail = self.bytes(tail_at, TAIL)?;
        self.oddities.no_end = find(&tail, b"%%EOF").is_none();
        let Some(at) = find_last(&tail, b"startxref") else { return Ok(false) };
        let mut lexer = Lexer::new(&tail[at + 9..]);
        let Some(first) = lexer.unsigned() else { return Ok(false) };
        let mut waiting = vec![first];
        let mut seen = HashSet::new();
        while let Some(offset) = waiting.pop() {
            if !seen.insert(offset) || seen.len() > MOST_SECTIONS {
                continue;
            }
            let Some(section) = self.section(offset)? else { return Ok(false) };
            for (number, location) in section.entries {
                if self.locations.len() < self.limits.pdf_objects {
                    // What a newer section says of an object stands.
                    self.locations.entry(number).or_insert(location);
                }
            }
            let offsets = ["Prev", "XRefStm"].map(|name| section.trailer.get(name).and_then(Object::integer));
            waiting.extend(offsets.into_iter().flatten().filter_map(|offset| u64::try_from(offset).ok()));
            if self.trailer.0.is_empty() {
                self.trailer = section.trailer;
            }
        }
        Ok(true)
    }

    fn section(&mut self, offset: u64) -> Result<Option<Section>, Stop> {
        let at = self.start.saturating_add(offset);
        let head = self.bytes(at, 64)?;
        let mut lexer = Lexer::new(&head);
        if !lexer.take("xref") {
            let Some(Object::Stream(dictionary, data)) = self.object_at(offset, None)? else { return Ok(None) };
            let Some(bytes) = self.stream(&dictionary, data)? else { return Ok(None) };
            return Ok(cross_reference::of_stream(dictionary, &bytes, self.limits));
        }
        // A table has twenty bytes an object; it is read as far as its limit goes.
        let most = (self.limits.pdf_objects as u64).saturating_mul(20).saturating_add(WINDOW);
        let mut length = 64 << 10;
        loop {
            let bytes = self.bytes(at, length)?;
            let is_whole = (bytes.len() as u64) < length || length >= most;
            match cross_reference::of_table(&bytes, self.limits) {
                Some(section) => return Ok(Some(section)),
                None if is_whole => return Ok(None),
                None => length *= 4,
            }
        }
    }

    fn has_root(&mut self) -> Result<bool, Stop> {
        Ok(self.root()?.is_some())
    }

    /// The catalogue of the document.
    pub(super) fn root(&mut self) -> Result<Option<Dictionary>, Stop> {
        let Some(root) = self.trailer.get("Root").cloned() else { return Ok(None) };
        let root = self.resolve(&root)?;
        // Of a damaged file any dictionary with pages will do.
        Ok(root.dictionary().filter(|root| root.get("Pages").is_some()).cloned())
    }

    /// Looks through the whole file for objects, where its list does not help.
    fn rebuild(&mut self) -> Result<(), Stop> {
        self.oddities.rebuilt = true;
        let found = rebuild::scan(self.source, self.start, self.limits, self.watch)?;
        self.locations = found.locations;
        if self.trailer.get("Root").is_none() || !self.has_root()? {
            let trailers = found.trailers.iter().rev();
            let mut best = Dictionary::default();
            for offset in trailers {
                let bytes = self.bytes(self.start + offset, self.limits.pdf_object_bytes)?;
                let mut lexer = Lexer::new(&bytes);
                if lexer.take("trailer")
                    && let Some(Object::Dictionary(trailer)) = lexer.object()
                    && trailer.get("Root").is_some()
                {
                    best = trailer;
                    break;
                }
            }
            self.trailer = best;
        }
        if !self.has_root()? {
            self.find_root()?;
        }
        Ok(())
    }

    /// Without any trailer: the last stream of references or catalogue among the objects.
    fn find_root(&mut self) -> Result<(), Stop> {
        let mut numbers: Vec<(u32, u64)> = self
            .locations
            .iter()
            .filter_map(|(number, location)| match location {
                Location::At(offset) => Some((*number, *offset)),
                Location::In(_) => None,
            })
            .collect();
        numbers.sort_by_key(|(_, offset)| std::cmp::Reverse(*offset));
        for (number, offset) in numbers {
            let Some(object) = self.object_at(offset, None)? else { continue };
            let Some(dictionary) = object.dictionary() else { continue };
            if dictionary.is("Type", "XRef") && dictionary.get("Root").is_some() {
                // Objects inside streams are known to it alone.
                if let Object::Stream(dictionary, data) = object
                    && let Some(bytes) = self.stream(&dictionary, data)?
                    && let Some(section) = cross_reference::of_stream(dictionary, &bytes, self.limits)
                {
                    for (number, location) in section.entries {
                        self.locations.entry(number).or_insert(location);
                    }
                    self.trailer = section.trailer;
                }
                return Ok(());
            }
            if dictionary.is("Type", "Catalog") {
                let root = Object::Reference(Reference { number, generation: 0 });
                self.trailer.0.push((b"Root".to_vec(), root));
                return Ok(());
            }
        }
        Ok(())
    }

    /// The object that an object is or refers to; `null` where there is none.
    pub(super) fn resolve(&mut self, object: &Object) -> Result<Object, Stop> {
        let mut object = object.clone();
        for _ in 0..MOST_STEPS {
            let Some(reference) = object.reference() else { return Ok(object) };
            object = self.object(reference.number)?;
        }
        Ok(Object::Null)
    }

    /// The object of a name in a dictionary, resolved.
    pub(super) fn value(&mut self, dictionary: &Dictionary, name: &str) -> Result<Object, Stop> {
        match dictionary.get(name).cloned() {
            Some(object) => self.resolve(&object),
            None => Ok(Object::Null),
        }
    }

    /// The dictionary of a name in a dictionary, resolved; empty where there is none.
    pub(super) fn table(&mut self, dictionary: &Dictionary, name: &str) -> Result<Dictionary, Stop> {
        Ok(self.value(dictionary, name)?.dictionary().cloned().unwrap_or_default())
    }

    fn object(&mut self, number: u32) -> Result<Object, Stop> {
        let found = match self.locations.get(&number).copied() {
            Some(Location::At(offset)) => self.object_at(offset, Some(number))?,
            Some(Location::In(stream)) => self.object_in(stream, number)?,
            None => None,
        };
        Ok(found.unwrap_or(Object::Null))
    }

    fn spend(&mut self, bytes: u64) -> Result<(), Stop> {
        if self.watch.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        self.budget = self.budget.checked_sub(bytes).ok_or(Stop::Budget)?;
        Ok(())
    }

    /// Reads `12 0 obj …` at an offset, when it is the object that is expected there.
    fn object_at(&mut self, offset: u64, expected: Option<u32>) -> Result<Option<Object>, Stop> {
        let at = self.start.saturating_add(offset);
        let mut length = WINDOW;
        loop {
            let bytes = self.bytes(at, length)?;
            let is_whole = (bytes.len() as u64) < length || length >= self.limits.pdf_object_bytes;
            let mut lexer = Lexer::new(&bytes);
            let number = lexer.unsigned();
            let is_object = number.is_some() && lexer.unsigned().is_some() && lexer.take("obj");
            let is_expected = expected.is_none_or(|expected| number == Some(u64::from(expected)));
            if !is_object || !is_expected {
                return Ok(None);
            }
            let object = lexer.object();
            // An object that ends where the window does may go on behind it.
            if object.is_none() || lexer.at + 32 > bytes.len() {
                if !is_whole {
                    length *= 8;
                    continue;
                }
                if object.is_none() {
                    return Ok(None);
                }
            }
            return Ok(match object {
                Some(Object::Dictionary(dictionary)) if lexer.take("stream") => {
                    let mut data = lexer.at;
                    data += usize::from(bytes.get(data) == Some(&b'\r'));
                    data += usize::from(bytes.get(data) == Some(&b'\n'));
                    Some(Object::Stream(dictionary, at + data as u64))
                }
                other => other,
            });
        }
    }

    fn object_in(&mut self, stream: u32, number: u32) -> Result<Option<Object>, Stop> {
        if self.unpacked.as_ref().is_none_or(|unpacked| unpacked.number != stream) {
            self.unpacked = self.unpack(stream)?;
        }
        let Some(unpacked) = &self.unpacked else { return Ok(None) };
        let Some(bytes) = unpacked.offsets.get(&number).and_then(|at| unpacked.bytes.get(*at..)) else {
            return Ok(None);
        };
        let mut lexer = Lexer::new(bytes);
        let object = lexer.object();
        let read = lexer.at as u64;
        self.spend(read)?;
        Ok(object)
    }

    /// A stream of objects stands in the file itself: one inside another would have no end.
    fn unpack(&mut self, number: u32) -> Result<Option<Unpacked>, Stop> {
        let Some(Location::At(offset)) = self.locations.get(&number).copied() else { return Ok(None) };
        let Some(Object::Stream(dictionary, data)) = self.object_at(offset, Some(number))? else { return Ok(None) };
        let first = dictionary.get("First").and_then(Object::integer).and_then(|first| usize::try_from(first).ok());
        let Some(first) = first.filter(|_| dictionary.is("Type", "ObjStm")) else { return Ok(None) };
        let Some(bytes) = self.stream(&dictionary, data)? else { return Ok(None) };
        let mut offsets = HashMap::new();
        let mut lexer = Lexer::new(&bytes[..first.min(bytes.len())]);
        while let Some((number, offset)) = lexer.unsigned().zip(lexer.unsigned()) {
            let place = u32::try_from(number).ok().zip(usize::try_from(offset).ok());
            if let Some((number, at)) = place.and_then(|(number, at)| Some((number, first.checked_add(at)?))) {
                offsets.entry(number).or_insert(at);
            }
        }
        Ok(Some(Unpacked { number, bytes, offsets }))
    }

    /// The bytes of a stream, unpacked; nothing when its filter is none that is needed here, or it is damaged or beyond
    /// the limit.
    pub(super) fn stream(&mut self, dictionary: &Dictionary, data: u64) -> Result<Option<Vec<u8>>, Stop> {
        let Some(raw) = self.raw_stream(dictionary, data, self.limits.pdf_stream_bytes)? else { return Ok(None) };
        let names = self.filters(dictionary)?;
        let parameters = match self.value(dictionary, "DecodeParms")? {
            Object::Array(items) => items.first().cloned().unwrap_or(Object::Null),
            other => other,
        };
        let parameters = self.resolve(&parameters)?.dictionary().cloned().unwrap_or_default();
        Ok(match names.as_slice() {
            [] => Some(raw),
            [name] if name == b"FlateDecode" || name == b"Fl" => {
                let bytes = filter::inflate(&raw, &parameters, self.limits.pdf_stream_bytes);
                self.spend(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))?;
                bytes
            }
            _ => None,
        })
    }

    /// The names of a stream's filters.
    pub(super) fn filters(&mut self, dictionary: &Dictionary) -> Result<Vec<Vec<u8>>, Stop> {
        Ok(match self.value(dictionary, "Filter")? {
            Object::Name(name) => vec![name],
            Object::Array(items) => items.iter().filter_map(|item| item.name().map(<[u8]>::to_vec)).collect(),
            _ => Vec::new(),
        })
    }

    /// The bytes of a stream as they stand in the file, `most` at most; nothing when there are more.
    pub(super) fn raw_stream(
        &mut self,
        dictionary: &Dictionary,
        data: u64,
        most: u64,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let told = self.value(dictionary, "Length")?.integer().and_then(|length| u64::try_from(length).ok());
        if let Some(length) = told.filter(|length| *length <= most && data.saturating_add(*length) <= self.size) {
            let behind = self.bytes(data + length, 32)?;
            let mut lexer = Lexer::new(&behind);
            if lexer.take("endstream") {
                return Ok(Some(self.bytes(data, length)?));
            }
        }
        // The length lies, or is lost: the end is where it says so.
        let bytes = self.bytes(data, most.saturating_add(16))?;
        let Some(mut end) = find(&bytes, b"endstream") else { return Ok(None) };
        if bytes[..end].ends_with(b"\r\n") {
            end -= 2;
        } else if bytes[..end].ends_with(b"\n") || bytes[..end].ends_with(b"\r") {
            end -= 1;
        }
        Ok(Some(bytes[..end].to_vec()))
    }
}

pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

fn find_last(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}
