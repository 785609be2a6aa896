//! 工作簿. The cells of an .xlsx file, as the process that parses it hands them over, line by line.
//!
//! A workbook is a stranger's file: it is read by [`parse()`] in a child process that has little memory and little time,
//! and comes back as lines of text ([`Workbook::read`]). Whatever happens to the child, its reader lives.

mod inflate;
mod parse;

use std::io::{self, BufRead};

pub use super::csv::LARGEST;
use crate::domain::value::Bilingual;

pub use parse::{Refused, parse};

/// Most sheets.
const SHEETS: usize = 200;
/// Most rows of a sheet: Excel has no more.
const ROWS: u32 = 1_048_576;
/// Most columns of a sheet: Excel has no more.
const COLUMNS: u32 = 16_384;
/// Most cells of a file.
const CELLS: usize = 5_000_000;
/// Most text of all its cells, in bytes, as it is handed over.
const TEXT: usize = 64 * 1024 * 1024;
/// Most text of one cell, in bytes.
const CELL: usize = 10 * 1024;
/// Most merged regions that are handed over: one is enough to be refused.
const MERGED: usize = 1_000;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text, as it stands there.
    Text,
    /// A number, at most 15 significant digits; a percentage as it is shown, 45 for 45 %.
    Number,
    /// A day, as `2014-06-30`; a time of that day is left out.
    Day,
    /// `yes` or `no`.
    Truth,
    /// Nothing that can be taken; the text says what stands there.
    Bad(Bad),
}

/// Why a cell cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// `#N/A`, `#REF!` …
    Error,
    /// A formula whose value the file does not hold.
    Unevaluated,
    /// More than 10 KB.
    Long,
    /// A number that is none, or a time without a day.
    Number,
}

impl Content {
    const ALL: [(char, Self); 8] = [
        ('t', Self::Text),
        ('n', Self::Number),
        ('d', Self::Day),
        ('b', Self::Truth),
        ('e', Self::Bad(Bad::Error)),
        ('f', Self::Bad(Bad::Unevaluated)),
        ('l', Self::Bad(Bad::Long)),
        ('x', Self::Bad(Bad::Number)),
    ];

    fn letter(self) -> char {
        Self::ALL.iter().find(|(_, content)| *content == self).map_or('t', |(letter, _)| *letter)
    }

    fn of(letter: &str) -> Option<Self> {
        Self::ALL.iter().find(|(c, _)| letter == c.encode_utf8(&mut [0; 4])).map(|(_, content)| *content)
    }
}

impl Bad {
    /// Why, and what would be right.
    #[must_use]
    pub fn text(self) -> Bilingual {
        match self {
            Self::Error => Bilingual::new("公式出错，请改正", "the formula gives an error: correct it"),
            Self::Unevaluated => Bilingual::new(
                "公式没有算出的值；在 Excel 或 WPS 里打开并保存一次",
                "the formula has no stored value: open the file in Excel or WPS and save it once",
            ),
            Self::Long => Bilingual::new("超过 10 KB", "longer than 10 KB"),
            Self::Number => Bilingual::new("不是可用的数字或日期", "neither a usable number nor a day"),
        }
    }
}

/// One cell that holds something; its text stands in its tab.
#[derive(Clone, Copy, Debug)]
struct Cell {
    row: u32,
    column: u16,
    content: Content,
    from: u32,
    to: u32,
}

/// Cells that were made one, from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Row and column of the first.
    pub first: (u32, u32),
    /// Row and column of the last.
    pub last: (u32, u32),
}

impl Region {
    /// One value for many cells: which of them is meant is not for us to guess.
    #[must_use]
    pub fn refused(&self) -> Bilingual {
        let name = |(row, column): (u32, u32)| format!("{}{}", letters(column as usize), row + 1);
        let (from, to) = (name(self.first), name(self.last));
        Bilingual::new(
            format!("{from}:{to} 是合并的单元格；请取消合并，每一格写上自己的值"),
            format!("{from}:{to} is merged: split it and write every cell its own value"),
        )
    }
}

/// One sheet of a workbook.
#[derive(Debug, Default)]
pub struct Tab {
    /// As on its tab.
    pub name: String,
    /// Whether it is out of sight.
    pub hidden: bool,
    /// Regions of merged cells.
    pub merged: Vec<Region>,
    cells: Vec<Cell>,
    text: String,
}

/// A cell as it stands in its sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Column, from 0.
    pub column: usize,
    /// What it holds.
    pub content: Content,
    /// As text.
    pub text: &'a str,
}

impl Seen<'_> {
    /// Why it cannot be taken, where that is so.
    #[must_use]
    pub fn bad(&self) -> Option<Bad> {
        if let Content::Bad(bad) = self.content { Some(bad) } else { None }
    }
}

impl Tab {
    /// Rows that hold something: number, counted from 1, and their cells from left to right.
    pub fn rows(&self) -> impl Iterator<Item = (usize, Vec<Seen<'_>>)> {
        self.cells.chunk_by(|a, b| a.row == b.row).map(|cells| {
            let seen = |cell: &Cell| Seen {
                column: usize::from(cell.column),
                content: cell.content,
                text: &self.text[cell.from as usize..cell.to as usize],
            };
            (cells[0].row as usize + 1, cells.iter().map(seen).collect())
        })
    }

    /// Nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Puts a cell behind the others; a row is pushed from left to right, and rows from top to bottom.
    pub(super) fn push(&mut self, row: u32, column: u16, content: Content, text: &str) {
        let from = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        let to = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.cells.push(Cell { row, column, content, from, to });
    }
}

/// 工作簿
#[derive(Debug, Default)]
pub struct Workbook {
    /// Its sheets, from left to right.
    pub tabs: Vec<Tab>,
}

/// Why there are no cells.
#[derive(Debug)]
pub enum Broken {
    /// The parser said what is wrong with the file.
    Refused(Bilingual),
    /// The parser ended before its last line.
    Ended,
    /// It cannot be read from.
    Io(io::Error),
}

impl Workbook {
    /// Reads what [`parse()`] wrote; `progress` hears how many cells have come.
    ///
    /// # Errors
    /// The file was refused, or the lines end before their end.
    pub fn read(mut from: impl BufRead, mut progress: impl FnMut(usize)) -> Result<Self, Broken> {
        let mut book = Self::default();
        let (mut line, mut cells, mut bytes) = (Vec::new(), 0, 0);
        loop {
            line.clear();
            let n = io::Read::take(&mut from, (4 * CELL) as u64).read_until(b'\n', &mut line).map_err(Broken::Io)?;
            bytes += n;
            if line.pop() != Some(b'\n') || bytes > 2 * TEXT {
                return Err(Broken::Ended);
            }
            let line = std::str::from_utf8(&line).map_err(|_| Broken::Ended)?;
            let (word, rest) = line.split_once('\t').unwrap_or((line, ""));
            match word {
                "c" => {
                    cells += 1;
                    if cells % 10_000 == 0 {
                        progress(cells);
                    }
                    book.cell(rest).filter(|_| cells <= CELLS).ok_or(Broken::Ended)?;
                }
                "m" => book.merged(rest).ok_or(Broken::Ended)?,
                "tab" => {
                    let (hidden, name) = rest.split_once('\t').ok_or(Broken::Ended)?;
                    book.tabs.push(Tab { name: unescaped(name), hidden: hidden == "1", ..Tab::default() });
                }
                "error" => {
                    let (zh, en) = rest.split_once('\t').ok_or(Broken::Ended)?;
                    return Err(Broken::Refused(Bilingual::new(unescaped(zh), unescaped(en))));
                }
                "end" => break,
                _ => return Err(Broken::Ended),
            }
        }
        for tab in &mut book.tabs {
            tab.cells.sort_by_key(|cell| (cell.row, cell.column));
            if tab.cells.windows(2).any(|two| (two[0].row, two[0].column) == (two[1].row, two[1].column)) {
                let (zh, en) = ("文件损坏：同一格出现两次", "the file is damaged: a cell is there twice");
                return Err(Broken::Refused(Bilingual::new(zh, en)));
            }
        }
        Ok(book)
    }

    fn cell(&mut self, rest: &str) -> Option<()> {
        let mut parts = rest.splitn(4, '\t');
        let (row, column) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let (content, text) = (Content::of(parts.next()?)?, parts.next()?);
        let tab = self.tabs.last_mut()?;
        if text.contains('\\') {
            tab.push(row, column, content, &unescaped(text));
        } else {
            tab.push(row, column, content, text);
        }
        Some(())
    }

    fn merged(&mut self, rest: &str) -> Option<()> {
        let mut parts = rest.split('\t').map(|part| part.parse().ok());
        let mut next = || parts.next().flatten();
        let region = Region { first: (next()?, next()?), last: (next()?, next()?) };
        self.tabs.last_mut()?.merged.push(region);
        Some(())
    }
}

/// A text that keeps to its line and its place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(c) => out.push(c),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// The name of a column: A, B … Z, AA …
#[must_use]
pub fn letters(mut column: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => break,
        }
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_does() {
        let named = [0, 1, 25, 26, 27, 51, 52, 701, 702, 16_383].map(letters);
        assert_eq!(named, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn texts_come_through_their_line() {
        for text in ["a\tb\nc\r\\d\\n", "", "\\", "汉字"] {
            let line = escaped(text);
            assert!(!line.contains(['\n', '\t', '\r']), "{line:?}");
            assert_eq!(unescaped(&line), text);
        }
    }

    #[test]
    fn lines_without_their_end_are_no_workbook() {
        let read = |lines: &str| Workbook::read(lines.as_bytes(), |_| ());
        let whole = "tab\t0\t进度\nc\t1\t0\tt\tb\nc\t0\t0\tt\ta\nm\t0\t0\t1\t0\nend\n";
        let book = read(whole).expect("a workbook");
        let rows: Vec<_> = book.tabs[0].rows().map(|(n, cells)| (n, cells[0].text.to_owned())).collect();
        assert_eq!(rows, [(1, "a".to_owned()), (2, "b".to_owned())], "by place, however they came");
        assert_eq!(book.tabs[0].merged, [Region { first: (0, 0), last: (1, 0) }]);
        for cut in 0..whole.len() {
            if whole.is_char_boundary(cut) {
                assert!(matches!(read(&whole[..cut]), Err(Broken::Ended)), "{cut}");
            }
        }
        assert!(matches!(read("tab\t0\tx\nc\t0\t0\tt\ta\nc\t0\t0\tt\tb\nend\n"), Err(Broken::Refused(_))));
        assert!(matches!(read("error\t坏\tbad\n"), Err(Broken::Refused(why)) if why.en == "bad"));
    }
}
