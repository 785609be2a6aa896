//! Rules between panes, drawn downwards: on their way through the rows they would change the attributes twice in each.

use super::Screen;
use super::pen::PLAIN;
use std::io::Write;

/// Cells of a rule that is worth an own way.
const FEWEST: usize = 4;

/// One column, and the rows where the same rule is to be drawn, from above.
pub(super) struct Upright {
    x: u16,
    rows: Vec<u16>,
}

impl<W: Write> Screen<W> {
    /// The rules that are not there yet and look different from the blanks around them.
    pub(super) fn uprights(&self) -> Vec<Upright> {
        let mut found = Vec::new();
        for x in 1..self.size.width.saturating_sub(1) {
            let mut rows: Vec<u16> = Vec::new();
            for y in (0..self.size.height).filter(|y| self.touched[usize::from(*y)]) {
                let at = self.index(x, y);
                let slot = &self.wanted[at];
                let rule = slot.width == 1 && !slot.is_blank() && slot.pen != PLAIN && self.width(slot.symbol()).1;
                if !rule || *slot == self.shown[at] || !self.wanted[at - 1].is_blank() {
                    continue;
                }
                if rows.first().is_none_or(|first| self.wanted[self.index(x, *first)] == *slot) {
                    rows.push(y);
                }
            }
            if rows.len() >= FEWEST {
                found.push(Upright { x, rows });
            }
        }
        found
    }

    /// Draws rules from above.
    pub(super) fn draw_uprights(&mut self, uprights: &[Upright]) {
        for Upright { x, rows } in uprights {
            for y in rows {
                self.print(*x, *y);
                let at = self.index(*x, *y);
                self.shown[at] = self.wanted[at].clone();
            }
        }
    }
}
