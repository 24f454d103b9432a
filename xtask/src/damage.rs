//! `damage`: books that were cut short and books with wrong bits are read, each to an answer.

use std::collections::HashSet;

use crate::commands::flags;
use crate::failure::Outcome;
use crate::fuzz;
use crate::place::{Place, files_of};
use crate::program::run;

/// How much harm is done to each book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harm {
    cuts: u32,
    flips: u32,
}

/// What every run of the tests can afford.
pub(crate) const LITTLE: Harm = Harm { cuts: 100, flips: 100 };
/// What is asked for by name.
pub(crate) const MUCH: Harm = Harm { cuts: 100, flips: 1000 };

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    survive(place, MUCH)
}

/// Damages the books that are made for the fuzzer, and those of the corpus where there is one.
pub(crate) fn survive(place: &Place, harm: Harm) -> Outcome {
    let mut books = place.corpus_books()?;
    // Small books of the corpus are seeds, too.
    let known: HashSet<_> = books.iter().filter_map(|book| book.file_name().map(ToOwned::to_owned)).collect();
    let seeds = files_of(&fuzz::seeds(place)?.join("book"))?;
    books.extend(seeds.into_iter().filter(|seed| !seed.file_name().is_some_and(|name| known.contains(name))));
    let mut cargo = place.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "packer", "--example", "damage", "--"]);
    cargo.args(["--cuts", &harm.cuts.to_string(), "--flips", &harm.flips.to_string()]);
    run(cargo.args(books))
}
