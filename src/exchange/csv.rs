//! CSV files as lines with named cells: encoding, header, and what is wrong in a cell.

use std::cell::RefCell;

use super::{BadRow, Encoding};
use crate::domain::border::restored;
use crate::domain::value::{Bilingual, Date, Money, Percent, ValueError};
use crate::plan::text::{LONGEST, composed, hostile, is_id, nearest};
use crate::plan::value_error;

/// Largest file that is read.
pub const LARGEST: usize = 20 * 1024 * 1024;

/// Most lines of a file that are read.
const MOST_ROWS: usize = 200_000;
/// Most cells of a line.
const MOST_COLUMNS: usize = 64;
/// Longest cell, in bytes.
const LONGEST_CELL: usize = 10 * 1024;

/// Why a line makes the whole file unreadable: it is one too many, too wide, or has a cell without end.
fn without_end(rows: usize, record: &csv::StringRecord) -> Option<Bilingual> {
    if rows > MOST_ROWS {
        Some(Bilingual::new("超过 200,000 行，请分成几份", "more than 200,000 lines: divide the file"))
    } else if record.len() > MOST_COLUMNS {
        Some(Bilingual::new("超过 64 列", "more than 64 columns"))
    } else if record.iter().any(|cell| cell.len() > LONGEST_CELL) {
        Some(Bilingual::new("有单元格超过 10 KB", "a cell is longer than 10 KB"))
    } else {
        None
    }
}

/// One column of a sheet.
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// Whether the header must have it.
    pub required: bool,
}

/// What was wrong so far, in the order of reading.
#[derive(Default)]
pub struct Complaints(RefCell<Vec<BadRow>>);

impl Complaints {
    /// Keeps one.
    pub fn add(&self, file: &str, row: usize, column: &str, value: &str, reason: Bilingual) {
        self.0.borrow_mut().push(BadRow {
            file: file.to_owned(),
            row,
            column: column.to_owned(),
            value: shown(value),
            reason,
        });
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

/// The text of a file.
fn decoded(bytes: &[u8], encoding: Encoding) -> Result<String, Bilingual> {
    if bytes.len() > LARGEST {
        return Err(Bilingual::new("文件超过 20 MB", "the file is larger than 20 MB"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(b"PK") {
        return Err(Bilingual::new("不是 CSV：请另存为「CSV UTF-8」", "not CSV: save the file as \"CSV UTF-8\""));
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    let utf8 = std::str::from_utf8(marked.unwrap_or(bytes));
    let gb18030 = || {
        let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    };
    let text = match (encoding, utf8) {
        (Encoding::Auto | Encoding::Utf8, Ok(text)) => Some(text.to_owned()),
        (Encoding::Gb18030, Ok(text)) if marked.is_some() => Some(text.to_owned()),
        (Encoding::Auto, Err(_)) if marked.is_none() => gb18030(),
        (Encoding::Gb18030, _) => gb18030(),
        (_, Err(_)) => None,
    };
    text.ok_or_else(|| Bilingual::new("文字编码不是 UTF-8 或 GB18030", "the text is neither UTF-8 nor GB18030"))
}

/// Reads a file and hands every line with something in it to `each`.
pub fn read(
    file: &str,
    bytes: &[u8],
    encoding: Encoding,
    columns: &[Column],
    complaints: &Complaints,
    mut each: impl FnMut(&Line<'_>),
) {
    let text = match decoded(bytes, encoding) {
        Ok(text) => text,
        Err(why) => return complaints.add(file, 0, "", "", why),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut places: Option<(Vec<Option<usize>>, usize)> = None;
    let mut rows = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => {
                let row = e.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
                return complaints.add(
                    file,
                    row,
                    "",
                    "",
                    Bilingual::new(format!("不合 CSV：{e}"), format!("not CSV: {e}")),
                );
            }
        }
        let row = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        rows += 1;
        if let Some(why) = without_end(rows, &record) {
            return complaints.add(file, row, "", "", why);
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match &places {
            None => match header(file, row, &record, columns, complaints) {
                Some(found) => places = Some((found, record.len())),
                None => return,
            },
            Some((_, width)) if record.len() != *width => {
                let n = record.len();
                complaints.add(
                    file,
                    row,
                    "",
                    "",
                    Bilingual::new(format!("{n} 格，表头 {width} 格"), format!("{n} cells, the header has {width}")),
                );
            }
            Some((places, _)) => {
                each(&Line {
                    file,
                    row,
                    columns,
                    places,
                    record: &record,
                    complaints,
                    bad: std::cell::Cell::new(false),
                });
            }
        }
    }
    if places.is_none() {
        complaints.add(file, 1, "", "", Bilingual::new("缺表头", "the header is missing"));
    }
}

fn header(
    file: &str,
    row: usize,
    record: &csv::StringRecord,
    columns: &[Column],
    complaints: &Complaints,
) -> Option<Vec<Option<usize>>> {
    let mut places = vec![None; columns.len()];
    let mut good = true;
    for (at, name) in record.iter().enumerate() {
        let name = name.trim();
        let reason = match columns.iter().position(|c| c.name == name) {
            Some(column) if places[column].is_none() => {
                places[column] = Some(at);
                continue;
            }
            Some(_) => Bilingual::new("列重复", "the column is there twice"),
            None => match nearest(name, columns.iter().map(|c| c.name)) {
                Some(near) => Bilingual::new(
                    format!("没有这一列，是否为 {near}？"),
                    format!("no such column; did you mean {near}?"),
                ),
                None => {
                    let all = columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
                    Bilingual::new(format!("没有这一列；可用：{all}"), format!("no such column; there are {all}"))
                }
            },
        };
        good = false;
        complaints.add(file, row, name, name, reason);
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            good = false;
            complaints.add(file, row, column.name, "", Bilingual::new("缺这一列", "the column is missing"));
        }
    }
    good.then_some(places)
}

/// Hands over the cells of one record, which stand in the order of the columns, as if they were the line of a file.
pub fn one<T>(
    name: &str,
    columns: &[Column],
    cells: &[String],
    complaints: &Complaints,
    take: impl FnOnce(&Line<'_>) -> T,
) -> T {
    let places: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
    let record = csv::StringRecord::from(cells.to_vec());
    let bad = std::cell::Cell::new(false);
    take(&Line { file: name, row: 0, columns, places: &places, record: &record, complaints, bad })
}

/// One line of a file.
pub struct Line<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Its line in the file, counted from 1.
    pub row: usize,
    columns: &'a [Column],
    places: &'a [Option<usize>],
    record: &'a csv::StringRecord,
    complaints: &'a Complaints,
    bad: std::cell::Cell<bool>,
}

impl Line<'_> {
    /// Whether something was wrong in it.
    pub fn is_bad(&self) -> bool {
        self.bad.get()
    }

    /// The cell as written, blanks at its ends aside.
    pub fn raw(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|c| c.name == column).and_then(|i| self.places[i]);
        place.and_then(|i| self.record.get(i)).unwrap_or_default().trim()
    }

    /// Complains about a cell.
    pub fn refuse(&self, column: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.bad.set(true);
        self.complaints.add(self.file, self.row, column, self.raw(column), Bilingual::new(zh, en));
    }

    /// Complains that a cell names nothing there is.
    pub fn unknown<'c>(&self, column: &str, zh: &str, en: &str, choices: impl IntoIterator<Item = &'c str>) {
        match nearest(self.raw(column), choices) {
            Some(near) => self.refuse(
                column,
                format!("没有这个{zh}，是否为 {near}？"),
                format!("no such {en}; did you mean {near}?"),
            ),
            None => self.refuse(column, format!("没有这个{zh}"), format!("no such {en}")),
        }
    }

    fn value<T>(&self, column: &str, parse: impl Fn(&str) -> Result<T, ValueError>) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        match parse(raw) {
            Ok(value) => Some(value),
            Err(e) => {
                let why = value_error(e);
                self.refuse(column, why.zh, why.en);
                None
            }
        }
    }

    fn needed<T>(&self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.raw(column).is_empty() {
            self.refuse(column, "不能为空", "must not be empty");
        }
        value
    }

    /// A text; empty is none.
    pub fn text(&self, column: &str) -> Option<String> {
        // What we guarded in an export comes back as it was.
        let raw = restored(self.raw(column));
        if raw.is_empty() {
            return None;
        }
        if let Some(c) = hostile(raw) {
            let code = u32::from(c);
            self.refuse(
                column,
                format!("含不可见或控制字符 U+{code:04X}"),
                format!("contains the invisible or control character U+{code:04X}"),
            );
            return None;
        }
        if raw.chars().count() > 10 * LONGEST {
            self.refuse(column, "超过 2000 字", "longer than 2000 characters");
            return None;
        }
        Some(composed(raw))
    }

    /// A text that must be there.
    pub fn need(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        self.needed(column, text)
    }

    /// A name: a text of at most 200 characters that must be there.
    pub fn name(&self, column: &str) -> Option<String> {
        let name = self.need(column)?;
        if name.chars().count() > LONGEST {
            self.refuse(column, "超过 200 字", "longer than 200 characters");
            return None;
        }
        Some(name)
    }

    /// An id that must be there.
    pub fn id(&self, column: &str) -> Option<String> {
        let id = self.need(column)?;
        if !is_id(&id) {
            self.refuse(
                column,
                "编号由字母、数字和 - _ . 组成，最多 64 个字符",
                "an id has letters, digits and - _ . and at most 64 characters",
            );
            return None;
        }
        Some(id)
    }

    /// A day; empty is none.
    pub fn date(&self, column: &str) -> Option<Date> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        let form = raw.len() == 10
            && raw.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        let date = form.then(|| raw.parse().ok()).flatten();
        if date.is_none() {
            self.refuse(column, "日期写作 2014-06-30", "write a date as 2014-06-30");
        }
        date
    }

    /// A day that must be there.
    pub fn need_date(&self, column: &str) -> Option<Date> {
        let date = self.date(column);
        self.needed(column, date)
    }

    /// An amount with its unit; empty is none.
    pub fn money(&self, column: &str) -> Option<Money> {
        self.value(column, Money::parse)
    }

    /// An amount that must be there.
    pub fn need_money(&self, column: &str) -> Option<Money> {
        let money = self.money(column);
        self.needed(column, money)
    }

    /// A number of at most two decimals; empty is none.
    pub fn percent(&self, column: &str) -> Option<Percent> {
        self.value(column, Percent::parse)
    }

    /// A percentage from 0 to 100; empty is none.
    pub fn share(&self, column: &str) -> Option<Percent> {
        let p = self.percent(column)?;
        if !(Percent::ZERO..=Percent::whole(100)).contains(&p) {
            self.refuse(column, "应在 0 至 100 之间", "must be from 0 to 100");
            return None;
        }
        Some(p)
    }

    /// A whole number from 0; empty is none.
    pub fn count(&self, column: &str) -> Option<u32> {
        let n = self.value(column, Percent::parse)?;
        let whole = (n.0 % 100 == 0).then(|| u32::try_from(n.0 / 100).ok()).flatten();
        if whole.is_none() {
            self.refuse(column, "应为不小于 0 的整数", "must be a whole number, not negative");
        }
        whole
    }

    /// One of some words; empty is none.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        let found = words.iter().find(|w| w.0 == raw).map(|w| w.1);
        if found.is_none() {
            let all = words.iter().map(|w| w.0).collect::<Vec<_>>().join(" | ");
            self.refuse(column, format!("应为 {all}"), format!("must be {all}"));
        }
        found
    }

    /// One of some words that must be there.
    pub fn need_word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(column, words);
        self.needed(column, word)
    }
}
