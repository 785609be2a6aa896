//! Lines with named cells, whatever file they stand in: the header, and what is wrong in a cell.

mod header;
mod values;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::headers::{self, Mapping};
use super::{BadRow, Fault};
use crate::domain::value::Bilingual;
use crate::plan::text::{composed, hostile, nearest};
use header::Header;
pub use values::day;

/// One column of a sheet.
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// Whether the header must have it.
    pub required: bool,
}

/// Where something stands.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Name of the sheet; empty where the file has none.
    pub sheet: &'a str,
    /// Line, counted from 1; 0 for the file as a whole.
    pub row: usize,
    /// Column, counted from 0.
    pub cell: Option<usize>,
}

/// Most that is listed: whoever has more has another file in hand than he thinks, and the list takes memory.
const MOST: usize = 10_000;

fn too_many() -> Bilingual {
    Bilingual::new(
        format!("错处过多，只列出 {MOST} 处；先改这些，再看其余"),
        format!("too many errors: {MOST} are listed; correct these to see the others"),
    )
}

/// What was wrong so far, in the order of reading.
#[derive(Default)]
pub struct Complaints(RefCell<Vec<BadRow>>);

impl Complaints {
    /// Keeps one.
    pub fn add(&self, spot: Spot<'_>, column: &str, value: &str, reason: Bilingual) {
        self.keep(Fault::Value, spot, column, value, reason);
    }

    /// Keeps one that has another cause than what is written there.
    pub fn keep(&self, fault: Fault, spot: Spot<'_>, column: &str, value: &str, reason: Bilingual) {
        let mut all = self.0.borrow_mut();
        if all.len() > MOST {
            return;
        }
        // A cell that cannot be taken has been complained about once; what follows from it says nothing more.
        let same = |bad: &BadRow| {
            spot.cell.is_some()
                && (bad.file.as_str(), bad.sheet.as_str(), bad.row, bad.cell)
                    == (spot.file, spot.sheet, spot.row, spot.cell)
        };
        if all.iter().rev().take(64).any(same) {
            return;
        }
        // At the head of its sheet, where it is read before what is listed.
        let full = all.len() == MOST;
        let spot = if full { Spot { row: 0, cell: None, ..spot } } else { spot };
        let (column, value, reason) = if full { ("", "", too_many()) } else { (column, value, reason) };
        all.push(BadRow {
            file: spot.file.to_owned(),
            sheet: spot.sheet.to_owned(),
            row: spot.row,
            cell: spot.cell,
            column: shown(column),
            value: shown(value),
            reason,
            fault,
        });
    }

    /// Those that were found before.
    pub fn found(bad: &[BadRow]) -> Self {
        Self(RefCell::new(bad.to_vec()))
    }

    /// Nothing more is listed: no suggestion need be looked for.
    pub fn is_full(&self) -> bool {
        self.len() > MOST
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether one of them, from the given place on, is about no row of these.
    pub fn any_beside(&self, from: usize, rows: &HashSet<usize>) -> bool {
        self.0.borrow().iter().skip(from).any(|bad| !rows.contains(&bad.row))
    }

    /// All of them.
    pub fn into_inner(self) -> Vec<BadRow> {
        self.0.into_inner()
    }
}

/// A cell as it may be printed: invisible characters replaced, cut at 60 characters.
pub fn shown(text: &str) -> String {
    text.chars().take(60).map(|c| if hostile(c.encode_utf8(&mut [0; 4])).is_some() { '\u{fffd}' } else { c }).collect()
}

/// A table that is being read, row by row.
pub struct Reading<'a> {
    file: &'a str,
    sheet: &'a str,
    columns: &'a [Column],
    mapping: &'a Mapping,
    complaints: &'a Complaints,
    header: Option<Header>,
}

impl<'a> Reading<'a> {
    /// Nothing read yet.
    pub fn new(
        (file, sheet): (&'a str, &'a str),
        columns: &'a [Column],
        mapping: &'a Mapping,
        complaints: &'a Complaints,
    ) -> Self {
        Self { file, sheet, columns, mapping, complaints, header: None }
    }

    fn spot(&self, row: usize, cell: Option<usize>) -> Spot<'a> {
        Spot { file: self.file, sheet: self.sheet, row, cell }
    }

    /// Complains about a row as a whole; row 0 is the file.
    pub fn refuse(&self, row: usize, reason: Bilingual) {
        self.complaints.add(self.spot(row, None), "", "", reason);
    }

    /// Complains about a cell that no column has.
    pub fn refuse_cell(&self, row: usize, cell: usize, value: &str, reason: Bilingual) {
        self.complaints.add(self.spot(row, Some(cell)), "", value, reason);
    }

    /// The columns of its kind.
    pub fn columns(&self) -> &'a [Column] {
        self.columns
    }

    /// What its headers mean.
    pub fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    /// Whether the header has come.
    pub fn has_header(&self) -> bool {
        self.header.is_some()
    }

    /// Cells of the header.
    pub fn width(&self) -> usize {
        self.header.as_ref().map_or(0, |h| h.width)
    }

    /// Where our columns stand, once the header has come.
    pub fn places(&self) -> Vec<Option<usize>> {
        self.header.as_ref().map(|h| h.places.clone()).unwrap_or_default()
    }

    /// Takes a row: the first is the header, every other goes to `each`. `odd` are cells that cannot be taken, and why.
    /// False where nothing that follows can be understood.
    pub fn take(
        &mut self,
        row: usize,
        record: &csv::StringRecord,
        odd: &[(usize, Bilingual)],
        each: &mut dyn FnMut(&Line<'_>),
    ) -> bool {
        let Some(header) = &self.header else {
            self.header = self.read_header(row, record);
            return self.header.is_some();
        };
        // It is no record, and one reason is enough for all that would be wrong with it.
        if let Some(at) = total(record) {
            let (zh, en) = ("合计行不是记录，请删去这一行", "a row of totals is no record: take it out");
            self.complaints.add(
                self.spot(row, Some(at)),
                "",
                record.get(at).unwrap_or_default(),
                Bilingual::new(zh, en),
            );
            return true;
        }
        let line = Line {
            file: self.file,
            sheet: self.sheet,
            row,
            columns: self.columns,
            places: &header.places,
            spots: &header.places,
            units: &header.units,
            record,
            complaints: self.complaints,
            bad: Cell::new(0),
        };
        for (at, why) in odd {
            let place = header.places.iter().position(|p| *p == Some(*at));
            line.spoil(place);
            let column = place.map_or("", |i| self.columns[i].name);
            let value = record.get(*at).unwrap_or_default();
            self.complaints.add(self.spot(row, Some(*at)), column, value, why.clone());
        }
        for at in &header.nameless {
            let value = record.get(*at).unwrap_or_default();
            if !value.trim().is_empty() {
                line.spoil(None);
                let why = Bilingual::new("这一列没有表头", "this column has no header");
                self.complaints.add(self.spot(row, Some(*at)), "", value, why);
            }
        }
        each(&line);
        true
    }

    /// The end of the table.
    pub fn finish(&self, row: usize) {
        if self.header.is_none() {
            self.refuse(row, Bilingual::new("缺表头", "the header is missing"));
        }
    }
}

/// Where a row says that it is one of totals: in the first cell that holds something.
fn total(record: &csv::StringRecord) -> Option<usize> {
    let at = record.iter().position(|cell| !cell.trim().is_empty())?;
    ["合计", "总计", "小计"].contains(&headers::plain(record.get(at)?).as_str()).then_some(at)
}

/// A line that stands in no table: its cells in the order of the columns, and where each of them is to be found.
pub struct Single<'a> {
    /// Where it is.
    pub spot: Spot<'a>,
    /// The columns of its kind.
    pub columns: &'a [Column],
    /// One cell per column.
    pub cells: &'a [String],
    /// Columns of the sheet that they stand in.
    pub spots: &'a [Option<usize>],
}

impl Single<'_> {
    /// Hands the line over.
    pub fn read<T>(&self, complaints: &Complaints, take: impl FnOnce(&Line<'_>) -> T) -> T {
        let places: Vec<Option<usize>> = (0..self.columns.len()).map(Some).collect();
        take(&Line {
            file: self.spot.file,
            sheet: self.spot.sheet,
            row: self.spot.row,
            columns: self.columns,
            places: &places,
            spots: self.spots,
            units: &[],
            record: &csv::StringRecord::from(self.cells.to_vec()),
            complaints,
            bad: Cell::new(0),
        })
    }
}

/// One line of a file.
pub struct Line<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Name of its sheet; empty where it has none.
    pub sheet: &'a str,
    /// Its line in the file, counted from 1.
    pub row: usize,
    columns: &'a [Column],
    places: &'a [Option<usize>],
    spots: &'a [Option<usize>],
    units: &'a [Option<&'static str>],
    record: &'a csv::StringRecord,
    complaints: &'a Complaints,
    /// A bit for each of our columns that something was wrong in, the highest for any other.
    bad: Cell<u64>,
}

impl Line<'_> {
    /// Whether something was wrong in it.
    pub fn is_bad(&self) -> bool {
        self.bad.get() != 0
    }

    /// The cells of these columns as written, where they all hold something and nothing was wrong in them.
    pub fn good(&self, columns: &[&str]) -> Option<Vec<String>> {
        let cell = |column: &&str| {
            let raw = self.raw(column);
            let bad = self.bad.get() & Self::bit(self.position(column)) != 0;
            (!bad && !raw.is_empty()).then(|| composed(raw))
        };
        columns.iter().map(cell).collect()
    }

    fn bit(column: Option<usize>) -> u64 {
        1 << column.map_or(63, |column| column.min(63))
    }

    /// Something is wrong in one of our columns.
    fn spoil(&self, column: Option<usize>) {
        self.bad.set(self.bad.get() | Self::bit(column));
    }

    /// The cell as written, blanks at its ends aside.
    pub fn raw(&self, column: &str) -> &str {
        let place = self.position(column).and_then(|i| self.places[i]);
        place.and_then(|i| self.record.get(i)).unwrap_or_default().trim()
    }

    /// Complains about a cell.
    pub fn refuse(&self, column: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.spoil(self.position(column));
        let cell = self.spot(column);
        let spot = Spot { file: self.file, sheet: self.sheet, row: self.row, cell };
        self.complaints.add(spot, column, self.raw(column), Bilingual::new(zh, en));
    }

    /// Whether the file has this column.
    pub fn has(&self, column: &str) -> bool {
        self.position(column).and_then(|i| self.places[i]).is_some()
    }

    /// The column of the sheet that a cell stands in.
    pub fn spot(&self, column: &str) -> Option<usize> {
        self.position(column).and_then(|i| self.spots.get(i).copied().flatten())
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// Complains that a cell names nothing there is.
    pub fn unknown<'c>(&self, column: &str, zh: &str, en: &str, choices: impl IntoIterator<Item = &'c str>) {
        let near = if self.complaints.is_full() { None } else { nearest(self.raw(column), choices) };
        match near {
            Some(near) => self.refuse(
                column,
                format!("没有这个{zh}，是否为 {near}？"),
                format!("no such {en}; did you mean {near}?"),
            ),
            None => self.refuse(column, format!("没有这个{zh}"), format!("no such {en}")),
        }
    }
}
