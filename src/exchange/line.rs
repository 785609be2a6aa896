//! Lines with named cells, whatever file they stand in: the header, and what is wrong in a cell.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::headers::{self, Mapping, Meaning};
use super::{BadRow, Fault};
use crate::domain::border::restored;
use crate::domain::value::{Bilingual, Date, Money, Percent, ValueError, folded};
use crate::domain::words::fields;
use crate::plan::text::{LONGEST, composed, hostile, is_id, nearest};
use crate::plan::value_error;

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

/// Which column of the file each of ours is, and the unit that its header names.
struct Header {
    places: Vec<Option<usize>>,
    units: Vec<Option<&'static str>>,
    /// Columns of the file whose header is empty.
    nameless: Vec<usize>,
    width: usize,
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

    fn read_header(&self, row: usize, record: &csv::StringRecord) -> Option<Header> {
        let mut header = Header {
            places: vec![None; self.columns.len()],
            units: vec![None; self.columns.len()],
            nameless: Vec::new(),
            width: record.len(),
        };
        let mut good = true;
        for (at, name) in record.iter().enumerate() {
            let name = name.trim();
            let reason = match headers::meaning(name, self.columns, self.mapping) {
                Meaning::Ignored => continue,
                // A column without a name may stand there as long as nothing stands in it.
                Meaning::Unknown if name.is_empty() => {
                    header.nameless.push(at);
                    continue;
                }
                Meaning::Column(column, Some(_)) if !headers::is_money(self.columns[column].name) => Bilingual::new(
                    "这一列不是金额，表头不写金额单位",
                    "this column is no amount: its header names no unit",
                ),
                Meaning::Column(column, unit) if header.places[column].is_none() => {
                    (header.places[column], header.units[column]) = (Some(at), unit);
                    continue;
                }
                Meaning::Column(..) => Bilingual::new("列重复", "the column is there twice"),
                Meaning::Unknown => unknown(name, self.columns),
            };
            good = false;
            self.complaints.add(self.spot(row, Some(at)), name, name, reason);
        }
        for (column, place) in self.columns.iter().zip(&header.places) {
            if column.required && place.is_none() {
                good = false;
                let (zh, en) = ("缺这一列", "the column is missing");
                self.complaints.add(self.spot(row, None), column.name, "", Bilingual::new(zh, en));
            }
        }
        good.then_some(header)
    }
}

/// Where a row says that it is one of totals: in the first cell that holds something.
fn total(record: &csv::StringRecord) -> Option<usize> {
    let at = record.iter().position(|cell| !cell.trim().is_empty())?;
    ["合计", "总计", "小计"].contains(&headers::plain(record.get(at)?).as_str()).then_some(at)
}

/// A day with its year first, however it is written: `2014-06-30`, `2014/6/30`, `2014.6.30`, `2014年6月30日`.
///
/// # Errors
/// It is written in another way, or there is no such day.
pub fn day(text: &str) -> Result<Date, Bilingual> {
    let plain: String = folded(text).split_whitespace().collect();
    let parts: Option<Vec<&str>> = match plain.strip_suffix('日') {
        Some(rest) => rest.split_once('年').and_then(|(y, rest)| rest.split_once('月').map(|(m, d)| vec![y, m, d])),
        None => ['-', '/', '.'].into_iter().map(|mark| plain.split(mark).collect()).find(|p: &Vec<&str>| p.len() == 3),
    };
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_deref() {
        Some([y, m, d]) if y.len() == 4 && digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            format!("{y}-{m:0>2}-{d:0>2}")
                .parse()
                .map_err(|_| Bilingual::new(format!("没有 {y} 年 {m} 月 {d} 日这一天"), "there is no such day"))
        }
        _ => Err(Bilingual::new("日期写作 2014-06-30", "write a date as 2014-06-30")),
    }
}

/// What the screens call a word of a column in Chinese.
fn called<'w>(column: &str, word: &'w str) -> &'w str {
    // A column of a file may be called otherwise than the field that it fills.
    fields::term(column, word)
}

/// What offices write instead.
fn synonyms(word: &str) -> &'static [&'static str] {
    match word {
        "completed" => &["完成"],
        "on_track" => &["正常", "按节点推进", "按计划推进"],
        "must" => &["确保完成"],
        "stretch" => &["力争完成"],
        "yes" => &["是"],
        "no" => &["否"],
        _ => &[],
    }
}

fn unknown(name: &str, columns: &[Column]) -> Bilingual {
    match nearest(name, columns.iter().map(|c| c.name)) {
        Some(near) => {
            Bilingual::new(format!("没有这一列，是否为 {near}？"), format!("no such column; did you mean {near}?"))
        }
        None => {
            let all = columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
            let both = |c: &Column| format!("{}（{}）", headers::chinese(c.name), c.name);
            let zh = columns.iter().map(both).collect::<Vec<_>>().join("、");
            Bilingual::new(
                format!("没有这一列；可用：{zh}；别的表头用 --map {name}=列名 对照，不要的列 --map {name}=-"),
                format!(
                    "no such column; there are {all}; say what it means with --map {name}=FIELD, or leave it out: {name}=-"
                ),
            )
        }
    }
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

    fn value<T>(&self, column: &str, parse: impl Fn(&str) -> Result<T, ValueError>) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        match parse(raw) {
            Ok(value) => Some(value),
            Err(ValueError::OutOfRange) if headers::is_money(column) => {
                self.refuse(
                    column,
                    "金额应在 0 至 1000 万亿元之间",
                    "an amount is from 0 to 1,000,000,000,000,000 yuan",
                );
                None
            }
            Err(e) => {
                let why = value_error(e);
                self.refuse(column, why.zh, why.en);
                None
            }
        }
    }

    /// Complains where nothing is there.
    pub fn needed<T>(&self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.raw(column).is_empty() {
            self.refuse(column, "不能为空", "must not be empty");
        }
        value
    }

    /// A text; empty is none.
    pub fn text(&self, column: &str) -> Option<String> {
        // What an export guarded comes back as it was.
        let raw = restored(self.raw(column));
        if raw.is_empty() {
            return None;
        }
        if raw.contains(['\n', '\r']) {
            self.refuse(column, "格子里有换行，请写成一行", "there is a line break in the cell: write it in one line");
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
        day(raw).map_err(|why| self.refuse(column, why.zh, why.en)).ok()
    }

    /// A day that must be there.
    pub fn need_date(&self, column: &str) -> Option<Date> {
        let date = self.date(column);
        self.needed(column, date)
    }

    /// An amount with its unit, which may stand in the header instead; empty is none.
    pub fn money(&self, column: &str) -> Option<Money> {
        let unit = self.position(column).and_then(|i| self.units.get(i).copied().flatten());
        let Some(unit) = unit else { return self.value(column, Money::parse) };
        let raw = self.raw(column);
        let own = folded(raw);
        let own = own.trim_start_matches(|c: char| c.is_ascii_digit() || ".,+- ".contains(c));
        let same = own.is_empty() || own.trim_end_matches('元') == unit.trim_end_matches('元');
        if Money::parse(raw).is_ok() && !same {
            self.refuse(
                column,
                format!("表头的单位是{unit}，这一格写了别的单位"),
                format!("the header says {unit}, the cell another unit"),
            );
            return None;
        }
        self.value(column, |raw| match Money::parse(raw) {
            Err(ValueError::NoUnit) => Money::parse(&format!("{raw}{unit}")),
            read => read,
        })
    }

    /// An amount that must be there.
    pub fn need_money(&self, column: &str) -> Option<Money> {
        let money = self.money(column);
        self.needed(column, money)
    }

    /// A number of at most two decimals; empty is none.
    pub fn number(&self, column: &str) -> Option<Percent> {
        self.value(column, Percent::parse)
    }

    /// A percentage of at most two decimals, with its sign or without; empty is none.
    pub fn percent(&self, column: &str) -> Option<Percent> {
        self.value(column, |raw| Percent::parse(folded(raw).strip_suffix('%').unwrap_or(raw)))
    }

    /// A percentage from 0 to 100; empty is none. A bare number between 0 and 1 is as likely a fraction of the whole as a
    /// part of one percent, and nobody would see which was meant: it is taken with its sign alone.
    pub fn share(&self, column: &str) -> Option<Percent> {
        let p = self.percent(column)?;
        if Percent::ZERO < p && p < Percent::whole(1) && !folded(self.raw(column)).ends_with('%') {
            let (whole, part) = (p.0, p.short());
            self.refuse(
                column,
                format!("写 {whole} 或 {part}%；1 是 1%，不是 100%"),
                format!("write {whole} or {part}%; 1 is 1 %, not 100 %"),
            );
            return None;
        }
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

    /// One of some words, as files write it or as screens call it in Chinese; empty is none.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        let plain = folded(raw);
        let is = |word: &str| word == raw || called(column, word) == plain || synonyms(word).contains(&plain.as_str());
        let found = words.iter().find(|(word, _)| is(word)).map(|(_, value)| *value);
        if found.is_none() {
            let all = |each: &dyn Fn(&str) -> String, between: &str| {
                words.iter().map(|(word, _)| each(word)).collect::<Vec<_>>().join(between)
            };
            let zh = |word: &str| match called(column, word) {
                same if same == word => word.to_owned(),
                zh => format!("{zh}（{word}）"),
            };
            let (zh, en) = (all(&zh, "、"), all(&str::to_owned, " | "));
            self.refuse(column, format!("应为 {zh}"), format!("must be {en}"));
        }
        found
    }

    /// One of some words that must be there.
    pub fn need_word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(column, words);
        self.needed(column, word)
    }
}
