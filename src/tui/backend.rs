//! A ratatui backend that knows how wide characters are.
//!
//! It keeps its own picture of what the terminal shows and, once per frame, writes the shortest way from there to the
//! wanted picture: one buffer, one `write`, between `CSI ?2026h` and `CSI ?2026l`. Cursor calls only note what is wanted.
//! A frame that changes nothing writes nothing, not even a reset of the attributes.
//!
//! Why not the stock backend: it moves the cursor after every wide character, which doubles the bytes of Chinese text,
//! and it flushes in every cursor call.

mod aside;
mod pen;
mod rows;
mod scroll;
mod slot;
mod uprights;

use super::fit;
use pen::{ATTRIBUTES, ON_BLANK, PLAIN, Pen};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use slot::{COVERED, Slot, is_drawing};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The narrowest picture, in columns.
const MIN_WIDTH: u16 = 20;

/// Smallest and largest picture; a terminal that reports 0 by 0 gets 80 by 24.
#[must_use]
pub fn clamp(width: u16, height: u16) -> Size {
    match (width, height) {
        (0, _) | (_, 0) => Size::new(80, 24),
        _ => Size::new(width.clamp(MIN_WIDTH, 500), height.clamp(5, 200)),
    }
}

/// What is known about glyphs that some terminals draw in one cell and others in two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// Nothing: each of them is one cell in the picture, and the cursor is set anew after each.
    #[default]
    Unknown,
    /// Measured as one cell. Lines and blocks are trusted, glyphs in data still set the cursor anew.
    Narrow,
    /// Measured as two cells: the blank behind the glyph is its second half.
    Wide,
}

/// The picture of a terminal behind any writer.
pub struct Screen<W: Write> {
    out: W,
    size: Size,
    /// What the terminal reports: columns, rows.
    terminal: (u16, u16),
    /// The last column stays empty.
    spare: bool,
    /// The picture is as large as the terminal. If it had to be clamped, a line feed in the last row would scroll.
    exact: bool,
    ambiguous: Ambiguous,
    shown: Vec<Slot>,
    wanted: Vec<Slot>,
    touched: Vec<bool>,
    /// The terminal must be cleared before the next frame: what it shows is not known.
    erase: bool,
    pen: Pen,
    /// Row and column of the terminal's cursor, as far as they are known.
    at: (Option<u16>, Option<u16>),
    caret: Option<Position>,
    caret_wanted: bool,
    caret_shown: bool,
    parked: bool,
    /// Sequences that are not part of the picture, for the next frame.
    aside: Vec<u8>,
    frame: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// A picture of that size; what the terminal shows is not known yet, so the first frame clears it.
    pub fn new(out: W, width: u16, height: u16) -> Self {
        let size = clamp(width, height);
        let cells = usize::from(size.width) * usize::from(size.height);
        Self {
            out,
            size,
            terminal: (width, height),
            spare: false,
            exact: size == Size::new(width, height),
            ambiguous: Ambiguous::Unknown,
            shown: vec![Slot::blank(); cells],
            wanted: vec![Slot::blank(); cells],
            touched: vec![false; usize::from(size.height)],
            erase: true,
            pen: PLAIN,
            at: (None, None),
            caret: None,
            caret_wanted: false,
            caret_shown: false,
            parked: false,
            aside: Vec::new(),
            frame: Vec::new(),
        }
    }

    /// The writer.
    pub const fn out(&self) -> &W {
        &self.out
    }

    /// The writer.
    pub const fn out_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// What is known about ambiguous glyphs. Takes effect with the next full paint.
    pub const fn set_ambiguous(&mut self, ambiguous: Ambiguous) {
        self.ambiguous = ambiguous;
    }

    /// Whether the last column stays empty: where glyphs may be wider than the picture thinks, a terminal piles up there
    /// what has no room any more.
    pub fn spare_last_column(&mut self, spare: bool) {
        self.spare = spare;
        let (width, height) = self.terminal;
        self.set_size(width, height);
    }

    /// The terminal has another size now. ratatui asks for the size before each frame and paints in full when it changed.
    pub fn set_size(&mut self, width: u16, height: u16) {
        self.terminal = (width, height);
        let mut size = clamp(width, height);
        self.exact = size == Size::new(width, height);
        size.width -= u16::from(self.spare && size.width > MIN_WIDTH);
        if size != self.size {
            self.size = size;
            self.forget();
        }
    }

    /// With `true` the cursor is put where the program says but stays hidden: the input method opens there.
    pub const fn park(&mut self, parked: bool) {
        self.parked = parked;
    }

    /// Nothing is known about the terminal any more: the next frame clears it and paints in full.
    pub fn forget(&mut self) {
        let cells = usize::from(self.size.width) * usize::from(self.size.height);
        self.wanted.clear();
        self.wanted.resize(cells, Slot::blank());
        self.touched.clear();
        self.touched.resize(usize::from(self.size.height), false);
        self.erase = true;
    }

    /// The terminal was entered anew: cursor hidden, attributes plain, contents unknown.
    pub fn entered(&mut self) {
        self.caret_shown = false;
        self.forget();
    }

    fn index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.size.width) + usize::from(x)
    }

    /// Cells of a symbol, and whether the cursor's column is certain after it.
    fn width(&self, symbol: &str) -> (u8, bool) {
        if symbol.len() == 1 {
            return (1, true);
        }
        let width = if symbol.width() > 1 { 2 } else { 1 };
        if !fit::is_ambiguous(symbol) {
            return (width, true);
        }
        match self.ambiguous {
            Ambiguous::Wide => (2, false),
            Ambiguous::Narrow => (1, is_drawing(symbol)),
            Ambiguous::Unknown => (1, false),
        }
    }

    fn slot(&self, cell: &Cell) -> Slot {
        let symbol = if cell.symbol().is_empty() { " " } else { cell.symbol() };
        let mut pen = Pen { fg: cell.fg, bg: cell.bg, attributes: cell.modifier & ATTRIBUTES };
        if symbol == " " {
            // What cannot be seen must not cost bytes.
            if !pen.attributes.contains(Modifier::REVERSED) {
                pen.attributes &= ON_BLANK;
                if pen.attributes.is_empty() {
                    pen.fg = Color::Reset;
                }
            }
        }
        let (width, _) = self.width(symbol);
        let mut plain = Cell::new(" ");
        plain.set_symbol(symbol);
        Slot { cell: plain, pen, width }
    }

    fn set(&mut self, x: u16, y: u16, cell: &Cell) {
        if x >= self.size.width || y >= self.size.height {
            return;
        }
        let mut slot = self.slot(cell);
        let at = self.index(x, y);
        // A cell over the second half of a glyph: in a terminal that draws ambiguous glyphs wide, the blank behind one of
        // them is that half; anywhere else the glyph before it loses its half and is a blank.
        if self.wanted[at].width == COVERED && x > 0 {
            if self.wanted[at - 1].symbol().width() == 1 {
                self.touched[usize::from(y)] = true;
                return;
            }
            self.wanted[at - 1] = self.wanted[at - 1].half();
        }
        if slot.width == 2 && x + 1 == self.size.width {
            // No room for the second half.
            slot = if self.ambiguous == Ambiguous::Wide && slot.symbol().width() == 1 {
                Slot { width: 1, ..slot }
            } else {
                slot.half()
            };
        }
        let half = (self.wanted[at].width == 2).then(|| self.wanted[at].half());
        let width = slot.width;
        self.wanted[at] = slot;
        if width == 2 {
            if self.wanted[at + 1].width == 2 && x + 2 < self.size.width {
                self.wanted[at + 2] = self.wanted[at + 1].half();
            }
            self.wanted[at + 1] = Slot::covered();
        } else if let Some(half) = half {
            self.wanted[at + 1] = half;
        }
        self.touched[usize::from(y)] = true;
    }

    /// Writes the rows, the rules between panes first where that is shorter.
    fn paint(&mut self) {
        let uprights = self.uprights();
        if uprights.is_empty() {
            return self.rows();
        }
        self.shorter(Self::rows, |screen| {
            screen.draw_uprights(&uprights);
            screen.rows();
        });
    }

    /// Of two ways to the wanted picture the one that takes fewer bytes.
    fn shorter(&mut self, one: impl FnOnce(&mut Self), other: impl FnOnce(&mut Self)) {
        let start = self.frame.len();
        let before = (self.shown.clone(), self.touched.clone(), self.pen, self.at);
        one(self);
        let first = (self.frame.split_off(start), self.pen, self.at);
        (self.shown, self.touched, self.pen, self.at) = before;
        other(self);
        if first.0.len() <= self.frame.len() - start {
            // Both ways the terminal ends up showing the same.
            self.frame.truncate(start);
            self.frame.extend_from_slice(&first.0);
            (self.pen, self.at) = (first.1, first.2);
        }
    }

    /// The bytes of the next frame, without the brackets around it.
    fn compose(&mut self) {
        self.frame.clear();
        let erased = std::mem::take(&mut self.erase);
        if erased {
            self.pen = PLAIN;
            self.at = (Some(0), Some(0));
            self.frame.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
            self.shown.clear();
            self.shown.resize(self.wanted.len(), Slot::blank());
            self.touched.fill(true);
        }
        match self.scroll_candidate().filter(|_| !erased && self.exact) {
            Some(scroll) => self.shorter(Self::paint, |screen| {
                screen.scroll(scroll);
                screen.paint();
            }),
            None => self.paint(),
        }
        let show = self.caret_wanted && !self.parked;
        if let Some(caret) = self.caret.filter(|_| self.caret_wanted) {
            self.go(caret.x.min(self.size.width - 1), caret.y.min(self.size.height - 1));
        }
        if self.caret_shown {
            if self.frame.is_empty() && show {
                return;
            }
            self.frame.splice(0..0, *b"\x1b[?25l");
        }
        if show {
            self.frame.extend_from_slice(b"\x1b[?25h");
        }
        self.caret_shown = show;
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.set(x, y, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.caret_wanted = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.caret_wanted = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.caret.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.caret = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        // ratatui clears regions only around inline viewports, and after a resize, where all of it is drawn again.
        self.forget();
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.compose();
        if self.frame.is_empty() && self.aside.is_empty() {
            return Ok(());
        }
        self.frame.splice(0..0, *b"\x1b[?2026h");
        self.frame.append(&mut self.aside);
        self.frame.extend_from_slice(b"\x1b[?2026l");
        self.out.write_all(&self.frame)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
