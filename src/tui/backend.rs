//! A ratatui backend that knows how wide characters are.
//!
//! It keeps its own picture of what the terminal shows and, once per frame, writes the shortest way from there to the
//! wanted picture: one buffer, one `write`, between `CSI ?2026h` and `CSI ?2026l`. Cursor calls only note what is wanted.
//! A frame that changes nothing writes nothing, not even a reset of the attributes.
//!
//! Why not the stock backend: it moves the cursor after every wide character, which doubles the bytes of Chinese text,
//! and it flushes in every cursor call.

use super::fit;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
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

/// Buttons and the wheel, with coordinates as numbers.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Attributes that we send; others are not used.
const ATTRIBUTES: Modifier =
    Modifier::BOLD.union(Modifier::DIM).union(Modifier::ITALIC).union(Modifier::UNDERLINED).union(Modifier::REVERSED);
/// Attributes that show on a blank.
const ON_BLANK: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED);

/// How characters look: what a run of `SGR` sequences adds up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    attributes: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, attributes: Modifier::empty() };

impl Pen {
    /// Whether a blank looks like nothing with it.
    fn blank_is_plain(self) -> bool {
        self.bg == Color::Reset && !self.attributes.intersects(ON_BLANK)
    }
}

/// One cell of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    cell: Cell,
    pen: Pen,
    width: u8,
}

/// The second half of a wide character.
const COVERED: u8 = 0;

impl Slot {
    fn blank() -> Self {
        Self { cell: Cell::new(" "), pen: PLAIN, width: 1 }
    }

    fn covered() -> Self {
        Self { cell: Cell::new(""), pen: PLAIN, width: COVERED }
    }

    /// What stays of a wide character when its other half is overwritten.
    fn half(&self) -> Self {
        Self { pen: if self.pen.blank_is_plain() { PLAIN } else { self.pen }, ..Self::blank() }
    }

    fn symbol(&self) -> &str {
        self.cell.symbol()
    }

    fn is_blank(&self) -> bool {
        self.width == 1 && self.symbol() == " " && self.pen == PLAIN
    }
}

/// Rows `top..bottom` move up by that many lines, or down if it is negative.
#[derive(Clone, Copy, Debug)]
struct Scroll {
    top: u16,
    bottom: u16,
    by: i16,
}

/// Whether one of the lines, blocks and marks of the `line` skin, which were measured together.
fn is_drawing(symbol: &str) -> bool {
    matches!(symbol.chars().next(), Some('\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}'))
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

    /// Names the window with the next frame. ASCII only: old PuTTY ends a title at the byte 0x9C, which Han text has.
    pub fn title(&mut self, title: &str) {
        self.aside.extend_from_slice(b"\x1b]2;");
        self.aside.extend(title.bytes().filter(|byte| (b' '..=b'~').contains(byte)));
        self.aside.push(0x07);
    }

    /// Has the terminal send clicks and the wheel, or keep them for its own selection.
    pub fn mouse(&mut self, wanted: bool) {
        self.aside.extend_from_slice(if wanted { MOUSE_ON } else { MOUSE_OFF });
    }

    /// Puts a text on the person's clipboard with the next frame (OSC 52). No terminal says whether it did.
    pub fn copy(&mut self, text: &str) {
        self.aside.extend_from_slice(b"\x1b]52;c;");
        base64(text.as_bytes(), &mut self.aside);
        // ESC \ and not BEL: what is not understood is at least not heard.
        self.aside.extend_from_slice(b"\x1b\\");
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

    /// Writes what turns the terminal's attributes into these.
    fn style(&mut self, pen: Pen) {
        let old = self.pen;
        if old == pen {
            return;
        }
        self.pen = pen;
        if pen == PLAIN {
            self.frame.extend_from_slice(b"\x1b[m");
            return;
        }
        let mut changes: Vec<String> = Vec::new();
        change(old, pen, &mut changes);
        let mut anew = vec!["0".to_string()];
        change(PLAIN, pen, &mut anew);
        let (changes, anew) = (changes.join(";"), anew.join(";"));
        self.frame.extend_from_slice(b"\x1b[");
        self.frame.extend_from_slice(if anew.len() < changes.len() { anew.as_bytes() } else { changes.as_bytes() });
        self.frame.push(b'm');
    }

    /// Moves the terminal's cursor there by the shortest sequence.
    fn go(&mut self, x: u16, y: u16) {
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
                if let Some(column) = self.at.1.filter(|column| *column <= x) {
                    consider(format!("{down}{}", forward(x - column)));
                }
                consider(format!("\r{down}{}", forward(x)));
            }
        }
        self.frame.extend_from_slice(best.as_bytes());
        self.at = (Some(y), Some(x));
    }

    /// Writes a cell where it belongs.
    fn print(&mut self, x: u16, y: u16) {
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
        for x in changed {
            if clear_tail && x >= blank_from {
                break;
            }
            if self.wanted[first + usize::from(x)].width == COVERED {
                // Written with its first half, which differs as well: a wide slot is always followed by a covered one.
                continue;
            }
            self.fill_gap(x, y);
            self.print(x, y);
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

    fn rows(&mut self) {
        for y in 0..self.size.height {
            if std::mem::take(&mut self.touched[usize::from(y)]) {
                self.row(y);
            }
        }
    }

    /// Writes the rows as they are, or scrolls some of them first, whichever takes fewer bytes.
    fn rows_or_scroll(&mut self, scroll: Scroll) {
        let before = (self.shown.clone(), self.touched.clone(), self.pen, self.at);
        self.rows();
        let unscrolled = (std::mem::take(&mut self.frame), self.pen, self.at);
        (self.shown, self.touched, self.pen, self.at) = before;
        self.scroll(scroll);
        self.rows();
        if unscrolled.0.len() <= self.frame.len() {
            // Both ways the terminal ends up showing the same.
            (self.frame, self.pen, self.at) = unscrolled;
        }
    }

    /// Moves rows within the terminal.
    fn scroll(&mut self, Scroll { top, bottom, by }: Scroll) {
        // The rows that come in take the background of the pen.
        if !self.pen.blank_is_plain() {
            self.style(PLAIN);
        }
        let lines = usize::from(by.unsigned_abs());
        // Deleting and inserting lines is older than scrolling and known to every terminal.
        let (at, letter) = (position(0, top), if by > 0 { 'M' } else { 'L' });
        let count = if lines == 1 { String::new() } else { lines.to_string() };
        let sequence = format!("\u{1b}[{};{bottom}r{at}\u{1b}[{count}{letter}\u{1b}[r", top + 1);
        self.frame.extend_from_slice(sequence.as_bytes());
        self.at = (Some(0), Some(0));
        let width = usize::from(self.size.width);
        let block = &mut self.shown[usize::from(top) * width..usize::from(bottom) * width];
        if by > 0 {
            block.rotate_left(lines * width);
            let kept = block.len() - lines * width;
            block[kept..].fill(Slot::blank());
        } else {
            block.rotate_right(lines * width);
            block[..lines * width].fill(Slot::blank());
        }
        self.touched[usize::from(top)..usize::from(bottom)].fill(true);
    }

    /// The rows that look as if they had moved up or down by a few lines: those where most cells would be right at once.
    fn scroll_candidate(&self) -> Option<Scroll> {
        let touched = |touched: &bool| *touched;
        let first = self.touched.iter().position(touched)?;
        let last = self.touched.iter().rposition(touched)?;
        if last - first < 4 {
            return None;
        }
        let width = usize::from(self.size.width);
        let row = |picture: &[Slot], y: usize, other: usize| -> i32 {
            let (wanted, there) = (&self.wanted[y * width..][..width], &picture[other * width..][..width]);
            wanted.iter().zip(there).map(|(a, b)| i32::from(a == b)).sum()
        };
        let unmoved: Vec<i32> = (first..=last).map(|y| row(&self.shown, y, y)).collect();
        let mut best: Option<(i32, Scroll)> = None;
        for by in [1_i16, -1, 2, -2, 3, -3] {
            // The run of rows that gains most (the largest sum of a contiguous part).
            let (mut sum, mut start) = (0, first);
            for y in first..=last {
                let Some(from) = y.checked_add_signed(isize::from(by)).filter(|from| (first..=last).contains(from))
                else {
                    continue;
                };
                if sum <= 0 {
                    (sum, start) = (0, y);
                }
                sum += row(&self.shown, y, from) - unmoved[y - first];
                if sum > best.map_or(0, |(gain, _)| gain) {
                    let lines = usize::from(by.unsigned_abs());
                    let (top, bottom) = if by > 0 { (start, y + 1 + lines) } else { (start - lines, y + 1) };
                    let row = |y: usize| u16::try_from(y).unwrap_or(u16::MAX);
                    best = Some((sum, Scroll { top: row(top), bottom: row(bottom), by }));
                }
            }
        }
        best.map(|(_, scroll)| scroll)
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
            Some(scroll) => self.rows_or_scroll(scroll),
            None => self.rows(),
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

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { letter } else { b'=' });
        }
    }
}

/// Parameters that turn one pen into another.
fn change(old: Pen, new: Pen, out: &mut Vec<String>) {
    let weight = Modifier::BOLD.union(Modifier::DIM);
    let mut had = old.attributes;
    let gone = old.attributes - new.attributes;
    if gone.intersects(weight) {
        out.push("22".into());
        had -= weight;
    }
    for (attribute, off) in [(Modifier::ITALIC, "23"), (Modifier::UNDERLINED, "24"), (Modifier::REVERSED, "27")] {
        if gone.contains(attribute) {
            out.push(off.into());
        }
    }
    let come = new.attributes - had;
    for (attribute, on) in [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ] {
        if come.contains(attribute) {
            out.push(on.into());
        }
    }
    if old.fg != new.fg {
        out.push(colour(new.fg, 30));
    }
    if old.bg != new.bg {
        out.push(colour(new.bg, 40));
    }
}

/// The parameter of a colour; `base` is 30 for the foreground, 40 for the background.
fn colour(colour: Color, base: u8) -> String {
    let ansi = match colour {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(n) => return format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", base + 8),
    };
    (base + ansi).to_string()
}

fn position(x: u16, y: u16) -> String {
    match (x, y) {
        (0, 0) => "\u{1b}[H".into(),
        (0, y) => format!("\u{1b}[{}H", y + 1),
        (x, y) => format!("\u{1b}[{};{}H", y + 1, x + 1),
    }
}

fn forward(cells: u16) -> String {
    match cells {
        0 => String::new(),
        1 => "\u{1b}[C".into(),
        cells => format!("\u{1b}[{cells}C"),
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
