//! Where the characters of a text stand.

use super::Position;

/// Bytes between two counted places.
const BLOCK: usize = 128;

/// The lines of a text, and how many characters are before each of its blocks. A line may be as long as the text: the
/// place of an offset is found without counting from its start.
#[derive(Debug)]
pub(crate) struct Places {
    /// Offset of the first byte of each line.
    lines: Vec<usize>,
    /// Characters before each block of [`BLOCK`] bytes.
    blocks: Vec<usize>,
}

impl Places {
    pub(crate) fn of(text: &str) -> Self {
        let after = memchr::memchr_iter(b'\n', text.as_bytes()).map(|offset| offset + 1);
        let counts = text.as_bytes().chunks(BLOCK).map(characters_in);
        let sums = counts.scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        Self { lines: std::iter::once(0).chain(after).collect(), blocks: std::iter::once(0).chain(sums).collect() }
    }

    /// Line and column of an offset into the text that this was made of.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        self.position_and_line(text, offset).0
    }

    /// The same, and the offset at which the line begins.
    pub(super) fn position_and_line(&self, text: &str, offset: usize) -> (Position, usize) {
        let offset = offset.min(text.len());
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines[line - 1];
        let column = self.characters_before(text, offset) - self.characters_before(text, start) + 1;
        (Position { line: number(line), column: number(column) }, start)
    }

    /// The offset at which a line begins, counted from 1; nothing where there is no such line.
    pub(crate) fn line_start(&self, line: u32) -> Option<usize> {
        self.lines.get((line as usize).saturating_sub(1)).copied()
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.blocks.len() - 1);
        self.blocks[block] + characters_in(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// Characters that begin in these bytes.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A count as places give it.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = "aé\nb";
        let places = Places::of(text);
        let at = |offset| {
            let at = places.position(text, offset);
            (at.line, at.column)
        };
        assert_eq!([at(0), at(1), at(3), at(4), at(5), at(99)], [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 2)]);
        assert_eq!(Places::of("").position("", 0), Position { line: 1, column: 1 });
    }

    #[test]
    fn the_places_of_one_long_line_are_those_that_counting_gives() {
        let text = "aé\u{1f4d6}".repeat(1000);
        let places = Places::of(&text);
        for (count, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(places.position(&text, offset), Position { line: 1, column: number(count + 1) });
        }
    }
}
