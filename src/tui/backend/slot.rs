//! One cell of the picture.

use super::pen::{PLAIN, Pen};
use ratatui::buffer::Cell;

/// One cell of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) cell: Cell,
    pub(super) pen: Pen,
    pub(super) width: u8,
}

/// The second half of a wide character.
pub(super) const COVERED: u8 = 0;

impl Slot {
    pub(super) fn blank() -> Self {
        Self { cell: Cell::new(" "), pen: PLAIN, width: 1 }
    }

    pub(super) fn covered() -> Self {
        Self { cell: Cell::new(""), pen: PLAIN, width: COVERED }
    }

    /// What stays of a wide character when its other half is overwritten.
    pub(super) fn half(&self) -> Self {
        Self { pen: if self.pen.blank_is_plain() { PLAIN } else { self.pen }, ..Self::blank() }
    }

    pub(super) fn symbol(&self) -> &str {
        self.cell.symbol()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.width == 1 && self.symbol() == " " && self.pen == PLAIN
    }
}

/// Whether one of the lines, blocks and marks of the `line` skin, which were measured together.
pub(super) fn is_drawing(symbol: &str) -> bool {
    matches!(symbol.chars().next(), Some('\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}'))
}
