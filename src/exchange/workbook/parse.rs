//! 解析. What the child process does: from the bytes of a file to lines of cells.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::{self, Cursor, Write};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Bad, CELL, CELLS, COLUMNS, Content, LARGEST, MERGED, ROWS, SHEETS, TEXT, escaped, inflate};
use crate::domain::value::Bilingual;

/// Why a file is not read.
#[derive(Debug)]
pub enum Refused {
    /// What is wrong with it, and what would be right.
    File(Bilingual),
    /// Nobody takes the cells.
    Io(io::Error),
}

impl Refused {
    /// A sentence about the file.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::File(Bilingual::new(zh, en))
    }

    /// The file is not what it should be.
    pub fn damaged(why: &dyn Display) -> Self {
        // The library's own words may quote the file; they are for whoever looks into it, so they stay short.
        let why: String = why.to_string().chars().take(120).collect();
        Self::new(format!("文件损坏或不是 .xlsx：{why}"), format!("the file is damaged or not .xlsx: {why}"))
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<XlsxError> for Refused {
    fn from(error: XlsxError) -> Self {
        Self::damaged(&error)
    }
}

/// Writes the cells of a file, or the sentence that refuses it.
///
/// # Errors
/// Nobody takes them.
pub fn parse(bytes: &[u8], mut out: impl Write) -> io::Result<()> {
    let mut to = Counted { out: &mut out, text: 0, cells: 0 };
    match book(bytes, &mut to) {
        Ok(()) => writeln!(out, "end")?,
        Err(Refused::File(why)) => writeln!(out, "error\t{}\t{}", escaped(&why.zh), escaped(&why.en))?,
        Err(Refused::Io(error)) => return Err(error),
    }
    out.flush()
}

/// Where the lines go, and how much has gone.
struct Counted<'a, W> {
    out: &'a mut W,
    text: usize,
    cells: usize,
}

impl<W: Write> Counted<'_, W> {
    fn cell(&mut self, (row, column): (u32, u32), content: Content, text: &str) -> Result<(), Refused> {
        self.cells += 1;
        self.text += text.len();
        if self.cells > CELLS || self.text > TEXT {
            return Err(Refused::new(
                "内容过多：最多 500 万格、64 MB 文字",
                "too much in it: at most 5 million cells and 64 MB of text",
            ));
        }
        Ok(writeln!(self.out, "c\t{row}\t{column}\t{}\t{}", content.letter(), escaped(text))?)
    }
}

fn known(bytes: &[u8]) -> Result<(), Refused> {
    if bytes.len() > LARGEST {
        return Err(Refused::new("文件超过 20 MB", "the file is larger than 20 MB"));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Refused::new(
            "这是 .xls 或加了密码的文件，不读；请去掉密码，另存为 .xlsx",
            "this is .xls or a file with a password, which is not read: take the password off and save it as .xlsx",
        ));
    }
    if !bytes.starts_with(b"PK") {
        return Err(Refused::new("不是 .xlsx 文件", "this is no .xlsx file"));
    }
    Ok(())
}

fn book(bytes: &[u8], to: &mut Counted<'_, impl Write>) -> Result<(), Refused> {
    known(bytes)?;
    inflate::check(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let sheets = book.sheets_metadata().to_vec();
    if sheets.len() > SHEETS {
        let n = sheets.len();
        return Err(Refused::new(format!("有 {n} 张表，最多 {SHEETS} 张"), format!("{n} sheets, at most {SHEETS}")));
    }
    for sheet in sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let hidden = u8::from(sheet.visible != SheetVisible::Visible);
        writeln!(to.out, "tab\t{hidden}\t{}", escaped(&sheet.name))?;
        for merged in book.merge_cells_by_sheet_name(&sheet.name)?.iter().take(MERGED) {
            let ((row, column), (last_row, last_column)) = (merged.start, merged.end);
            writeln!(to.out, "m\t{row}\t{column}\t{last_row}\t{last_column}")?;
        }
        let percent = percentages(&mut book, &sheet.name)?;
        cells(&mut book, &sheet.name, &percent, to)?;
    }
    Ok(())
}

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Places of the cells that are shown as percentages: the file holds 0.45 where people see 45 %.
fn percentages(book: &mut Book<'_>, sheet: &str) -> Result<HashSet<(u32, u32)>, Refused> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let percent: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|f| is_percentage(&f.format_code)))
        .collect();
    let mut places = HashSet::new();
    if percent.iter().any(|p| *p) {
        while let Some((row, column, style)) = reader.next_style_id()? {
            if percent.get(style) == Some(&true) {
                places.insert((row, column));
            }
        }
    }
    Ok(places)
}

/// Whether a format shows a hundred times the number. A percent sign in quotation marks, or behind a backslash, is a mere
/// sign behind the number as it is.
fn is_percentage(format: &str) -> bool {
    let (mut quoted, mut chars) = (false, format.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => drop(chars.next()),
            '[' if !quoted => drop(chars.by_ref().find(|c| *c == ']')),
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

fn cells(
    book: &mut Book<'_>,
    sheet: &str,
    percent: &HashSet<(u32, u32)>,
    to: &mut Counted<'_, impl Write>,
) -> Result<(), Refused> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let (row, column) = cell.pos;
        if row >= ROWS || column >= COLUMNS {
            return Err(Refused::new("文件损坏：格子在表外", "the file is damaged: a cell is outside its sheet"));
        }
        match held(&cell.value, percent.contains(&cell.pos)) {
            Some((_, text)) if text.len() > CELL => {
                let start: String = text.chars().take(60).collect();
                to.cell(cell.pos, Content::Bad(Bad::Long), &start)?;
            }
            Some((content, text)) => to.cell(cell.pos, content, &text)?,
            None if cell.formula.is_some() => to.cell(cell.pos, Content::Bad(Bad::Unevaluated), "")?,
            None => {}
        }
    }
    Ok(())
}

/// What a cell holds; none where it is empty.
fn held(value: &DataRef<'_>, percent: bool) -> Option<(Content, String)> {
    let text = |text: &str| (!text.is_empty()).then(|| (Content::Text, text.to_owned()));
    match value {
        DataRef::Empty => None,
        DataRef::Int(n) if !percent => Some((Content::Number, n.to_string())),
        #[expect(clippy::cast_precision_loss, reason = "a percentage of such size is refused by its reader")]
        DataRef::Int(n) => Some(number(*n as f64 * 100.0)),
        DataRef::Float(n) if percent => Some(percentage(*n)),
        DataRef::Float(n) => Some(number(*n)),
        DataRef::String(s) => text(s),
        DataRef::SharedString(s) => text(s),
        DataRef::Bool(yes) => Some((Content::Truth, if *yes { "yes" } else { "no" }.to_owned())),
        DataRef::DateTime(moment) => Some(day(moment)),
        DataRef::DateTimeIso(iso) => {
            Some(iso.split_once('T').map_or((Content::Text, iso.clone()), |(day, _)| (Content::Day, day.to_owned())))
        }
        DataRef::DurationIso(iso) => Some((Content::Bad(Bad::Number), iso.clone())),
        DataRef::Error(error) => Some((Content::Bad(Bad::Error), error.to_string())),
    }
}

/// What is shown as a percentage. Below one percent it keeps its sign, without which it could be taken for a fraction.
fn percentage(n: f64) -> (Content, String) {
    let (content, text) = number(n * 100.0);
    let small = content == Content::Number && text.trim_start_matches('-').starts_with("0.");
    (content, if small { format!("{text}%") } else { text })
}

/// A number with the 15 digits that Excel shows: the 16th and 17th are noise of the binary form.
fn number(n: f64) -> (Content, String) {
    if !n.is_finite() {
        return (Content::Bad(Bad::Number), n.to_string());
    }
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    (Content::Number, rounded.to_string())
}

/// Days from 1 to the end of the year 9999 have a date; the 60th of the old count, 1900-02-29, never was.
fn day(moment: &ExcelDateTime) -> (Content, String) {
    let value = moment.as_f64();
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let known = moment.is_datetime() && (1.0..2_958_466.0).contains(&value) && (year, month, day) != (1900, 2, 29);
    if known {
        (Content::Day, format!("{year:04}-{month:02}-{day:02}"))
    } else {
        (Content::Bad(Bad::Number), value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_excel_shows_them() {
        let cases = [(0.1 + 0.2, "0.3"), (45.0, "45"), (18.5, "18.5"), (1e20, "100000000000000000000"), (-2.5, "-2.5")];
        for (n, shown) in cases {
            assert_eq!(number(n), (Content::Number, shown.to_owned()));
        }
        assert_eq!(held(&DataRef::Float(0.57), true), Some((Content::Number, "57".into())));
        assert_eq!(held(&DataRef::Float(0.005), true), Some((Content::Number, "0.5%".into())), "no fraction");
        assert_eq!(number(f64::NAN).0, Content::Bad(Bad::Number));
    }

    #[test]
    fn a_percent_sign_that_is_a_mere_text_makes_no_percentage() {
        for format in ["0%", "0.00%", "0.0%;[Red]-0.0%", "[>1]0%"] {
            assert!(is_percentage(format), "{format}");
        }
        for format in ["0.0\"%\"", "0\\%", "General", "\"% \"0", "0_%", "[$%-804]0"] {
            assert!(!is_percentage(format), "{format}");
        }
    }

    #[test]
    fn days_of_both_counts() {
        use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
        let of = |value, kind, old| day(&ExcelDateTime::new(value, kind, old));
        assert_eq!(of(41_820.0, DateTime, false), (Content::Day, "2014-06-30".into()));
        assert_eq!(of(41_820.75, DateTime, false), (Content::Day, "2014-06-30".into()), "a time is left out");
        assert_eq!(of(40_358.0, DateTime, true), (Content::Day, "2014-06-30".into()));
        for (value, kind) in [(0.5, DateTime), (-3.0, DateTime), (60.0, DateTime), (9e9, DateTime), (1.5, TimeDelta)] {
            assert_eq!(of(value, kind, false).0, Content::Bad(Bad::Number), "{value}");
        }
    }
}
