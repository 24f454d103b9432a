//! Whether a book is protected, told from its content: a marker alone protects nothing, and obfuscated fonts are free.

use std::collections::HashSet;

use super::encryption::Encrypted;
use crate::{
    container::Container,
    inspect::{DrmScheme, Protection},
};

/// Bits of a byte above which bytes are taken for encrypted; what is packed without its magic bytes comes near it too,
/// so it counts only for files that should be text or known images and are neither.
const ENTROPY: f64 = 7.9;
/// Fewer bytes than this never look random enough to tell.
const SAMPLE: u64 = 4096;

/// The marks that schemes leave in `META-INF`, each a sign and no proof.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "several schemes may leave their marks in one book")]
pub struct Markers {
    /// `rights.xml` of Adobe ADEPT, or its keys in `encryption.xml`.
    pub adept: bool,
    /// `license.lcpl` of Readium LCP, or a key that is to be had from it.
    pub lcp: bool,
    /// `sinf.xml` of Apple FairPlay.
    pub fair_play: bool,
    /// `rights.xml` of Kobo.
    pub kobo: bool,
}

impl Markers {
    /// The scheme that they tell of; the one whose licence is most surely its own first.
    pub fn scheme(self) -> Option<DrmScheme> {
        [
            (self.lcp, DrmScheme::Lcp),
            (self.kobo, DrmScheme::Kobo),
            (self.fair_play, DrmScheme::FairPlay),
            (self.adept, DrmScheme::Adept),
        ]
        .into_iter()
        .find_map(|(is_there, scheme)| is_there.then_some(scheme))
    }
}

/// Documents and images that should be readable, counted.
#[derive(Debug, Clone)]
pub struct Readability {
    readable: u32,
    unreadable: u32,
    bytes: [u64; 256],
}

impl Default for Readability {
    fn default() -> Self {
        Self { readable: 0, unreadable: 0, bytes: [0; 256] }
    }
}

impl Readability {
    /// A file is what it says to be.
    pub fn add_readable(&mut self) {
        self.readable += 1;
    }

    /// A file is neither XML nor an image; these are its first bytes.
    pub fn add_unreadable(&mut self, sample: &[u8]) {
        self.unreadable += 1;
        for byte in sample {
            self.bytes[usize::from(*byte)] += 1;
        }
    }

    /// Most files are unreadable and look random: encrypted, whatever the markers say.
    pub fn looks_encrypted(&self) -> bool {
        let total: u64 = self.bytes.iter().sum();
        if self.unreadable <= self.readable || total < SAMPLE {
            return false;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of a few megabytes are exact in a double")]
        let entropy: f64 = self
            .bytes
            .iter()
            .filter(|count| **count > 0)
            .map(|count| *count as f64 / total as f64)
            .map(|share| -share * share.log2())
            .sum();
        entropy > ENTROPY
    }
}

/// The verdict.
pub fn decide(
    container: &dyn Container,
    encrypted: &[Encrypted],
    markers: Markers,
    readability: &Readability,
) -> Protection {
    let named = || markers.scheme().map_or(Protection::Unknown, Protection::Drm);
    if container.entries().iter().any(|entry| entry.header.as_ref().is_some_and(|header| header.is_encrypted)) {
        return Protection::Drm(DrmScheme::Password);
    }
    let there: HashSet<&str> = container.entries().iter().map(|entry| entry.path.as_str()).collect();
    if encrypted.iter().any(|encrypted| !encrypted.is_obfuscation() && there.contains(encrypted.path.as_str())) {
        return named();
    }
    if readability.looks_encrypted() {
        return named();
    }
    if encrypted.iter().any(Encrypted::is_obfuscation) { Protection::ObfuscatedFonts } else { Protection::None }
}
