//! The shortest way from what a row shows to what it shall show.

use super::Screen;
use super::pen::{PLAIN, Pen};
use super::slot::COVERED;
use std::io::Write;

impl<W: Write> Screen<W> {
    /// Writes what turns the terminal's attributes into these.
    pub(super) fn style(&mut self, pen: Pen) {
        if self.pen != pen {
            self.frame.extend_from_slice(self.pen.turn(pen).as_bytes());
            self.pen = pen;
        }
    }

    /// Moves the terminal's cursor there by the shortest sequence.
    pub(super) fn go(&mut self, x: u16, y: u16) {
        if self.at == (Some(y), Some(x)) {
            return;
        }
        let mut best = position(x, y);
        let mut consider = |way: String| {
            if way.len() < best.len() {
                best = way;
            }
        };
        if let Some(row) = self.at.0 {
            if row == y {
                match self.at.1 {
                    Some(column) if column < x => consider(forward(x - column)),
                    Some(column) if column - x < 4 => consider("\u{8}".repeat(usize::from(column - x))),
                    _ => {}
                }
                consider(format!("\r{}", forward(x)));
                consider(format!("\u{1b}[{}G", x + 1));
            } else if self.exact && y > row && y - row < 6 {
                // In raw mode a line feed keeps the column.
                let down = "\n".repeat(usize::from(y - row));
                match self.at.1 {
                    Some(column) if column <= x => consider(format!("{down}{}", forward(x - column))),
                    Some(column) if column - x < 8 => {
                        consider(format!("{down}{}", "\u{8}".repeat(usize::from(column - x))));
                    }
                    _ => {}
                }
                consider(format!("\r{down}{}", forward(x)));
            }
        }
        self.frame.extend_from_slice(best.as_bytes());
        self.at = (Some(y), Some(x));
    }

    /// Writes a cell where it belongs.
    pub(super) fn print(&mut self, x: u16, y: u16) {
        let at = self.index(x, y);
        self.go(x, y);
        let slot = &self.wanted[at];
        let pen = slot.pen;
        if !(slot.symbol() == " " && pen == PLAIN && self.pen.blank_is_plain()) {
            self.style(pen);
        }
        let slot = &self.wanted[at];
        self.frame.extend_from_slice(slot.symbol().as_bytes());
        let next = x + u16::from(slot.width);
        let (_, certain) = self.width(slot.symbol());
        // In the last column a terminal may wait with the cursor on the cell or behind it.
        self.at.1 = (certain && next < self.size.width).then_some(next);
    }

    fn row(&mut self, y: u16) {
        let width = usize::from(self.size.width);
        let first = self.index(0, y);
        let (wanted, shown) = (&self.wanted[first..first + width], &self.shown[first..first + width]);
        let changed: Vec<u16> = (0..self.size.width)
            .filter(|x| {
                let x = usize::from(*x);
                wanted[x] != shown[x]
            })
            .collect();
        let Some(last) = changed.last().copied() else { return };
        // The blank tail, if clearing it is shorter than writing its changed cells.
        let blank_from = wanted.iter().rposition(|slot| !slot.is_blank()).map_or(0, |x| x + 1);
        let blank_from = u16::try_from(blank_from).unwrap_or(self.size.width);
        let in_tail = changed.iter().filter(|x| **x >= blank_from).count();
        let clear_tail = last >= blank_from && in_tail > 3;
        let mut erased = 0;
        for (place, x) in changed.iter().copied().enumerate() {
            if clear_tail && x >= blank_from {
                break;
            }
            if x < erased {
                continue;
            }
            if self.wanted[first + usize::from(x)].width == COVERED {
                // Written with its first half, which differs as well: a wide slot is always followed by a covered one.
                continue;
            }
            self.fill_gap(x, y);
            match self.erasable(y, &changed[place..]) {
                Some(cells) => {
                    self.erase(x, y, cells);
                    erased = x + cells;
                }
                None => self.print(x, y),
            }
        }
        if clear_tail {
            self.go(blank_from, y);
            if !self.pen.blank_is_plain() {
                self.style(PLAIN);
            }
            self.frame.extend_from_slice(b"\x1b[K");
        }
        let range = first..first + width;
        self.shown[range.clone()].clone_from_slice(&self.wanted[range]);
    }

    /// How many blanks at the first of these changed cells of a row are erased rather than written, as that is shorter.
    fn erasable(&self, y: u16, changed: &[u16]) -> Option<u16> {
        let x = *changed.first()?;
        let row = &self.wanted[self.index(0, y)..][..usize::from(self.size.width)];
        let blanks = row[usize::from(x)..].iter().take_while(|slot| slot.is_blank()).count();
        let end = x + u16::try_from(blanks).unwrap_or(0);
        let run = changed.iter().take_while(|x| **x < end).count();
        let cells = changed[..run].last()? - x + 1;
        // Erasing leaves the cursor before the blanks.
        let behind = changed.get(run).map_or(0, |next| forward(next - x).len() - forward(next - x - cells).len());
        (erase_sequence(cells).len() + behind < run).then_some(cells)
    }

    /// Makes cells blank and leaves the cursor before them.
    fn erase(&mut self, x: u16, y: u16, cells: u16) {
        self.go(x, y);
        if !self.pen.blank_is_plain() {
            self.style(PLAIN);
        }
        self.frame.extend_from_slice(erase_sequence(cells).as_bytes());
    }

    /// Writes the unchanged cells before `x` again where that is shorter than a jump over them.
    fn fill_gap(&mut self, x: u16, y: u16) {
        let (Some(row), Some(column)) = self.at else { return };
        if row != y || column >= x || x - column > 6 {
            return;
        }
        let jump = forward(x - column).len();
        let first = self.index(column, y);
        let gap = &self.wanted[first..first + usize::from(x - column)];
        let mut bytes = 0;
        for slot in gap {
            let free = slot.is_blank() && self.pen.blank_is_plain();
            if slot.width == COVERED {
                continue;
            }
            if !(free || slot.pen == self.pen) || !self.width(slot.symbol()).1 {
                return;
            }
            bytes += slot.symbol().len();
        }
        if gap.first().is_some_and(|slot| slot.width == COVERED) || bytes > jump {
            return;
        }
        for at in column..x {
            if self.wanted[self.index(at, y)].width != COVERED {
                self.print(at, y);
            }
        }
    }

    pub(super) fn rows(&mut self) {
        for y in 0..self.size.height {
            if std::mem::take(&mut self.touched[usize::from(y)]) {
                self.row(y);
            }
        }
    }
}

/// The cursor to that cell, wherever it is.
pub(super) fn position(x: u16, y: u16) -> String {
    match (x, y) {
        (0, 0) => "\u{1b}[H".into(),
        (0, y) => format!("\u{1b}[{}H", y + 1),
        (x, y) => format!("\u{1b}[{};{}H", y + 1, x + 1),
    }
}

/// The cursor so many cells to the right.
fn forward(cells: u16) -> String {
    match cells {
        0 => String::new(),
        1 => "\u{1b}[C".into(),
        cells => format!("\u{1b}[{cells}C"),
    }
}

/// So many cells from the cursor on become blank.
fn erase_sequence(cells: u16) -> String {
    format!("\u{1b}[{cells}X")
}
