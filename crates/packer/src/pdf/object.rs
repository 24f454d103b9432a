//! The objects that a PDF is made of (ISO 32000-2, 7.3).

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Reference {
    pub(super) number: u32,
    pub(super) generation: u16,
}

/// One object. Names and strings are bytes: a PDF says their encoding elsewhere, if at all.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    String(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// A dictionary, and where in the file the bytes behind it begin.
    Stream(Dictionary, u64),
    Reference(Reference),
}

impl Object {
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            // Makers write whole numbers as `3.0`; anything beyond 53 bits is none of theirs.
            #[expect(clippy::cast_possible_truncation, reason = "the range is compared first")]
            Self::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "sizes of pages are far below 2^53")]
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn string(&self) -> Option<&[u8]> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(super) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(super) fn reference(&self) -> Option<Reference> {
        if let Self::Reference(reference) = self { Some(*reference) } else { None }
    }

    /// The dictionary, a stream's too.
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) | Self::Stream(dictionary, _) => Some(dictionary),
            _ => None,
        }
    }
}

/// Names and objects, in the order of the file. The last of equal names counts, as readers have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Dictionary(pub(super) Vec<(Vec<u8>, Object)>);

impl Dictionary {
    /// The object of a name, references as they are.
    pub(super) fn get(&self, name: &str) -> Option<&Object> {
        self.0.iter().rev().find(|(known, _)| known == name.as_bytes()).map(|(_, value)| value)
    }

    /// True when the name's object is this name.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).and_then(Object::name) == Some(value.as_bytes())
    }
}
