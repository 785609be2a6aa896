//! 标错. A copy of a workbook in which every bad cell is coloured and says why.
//!
//! It is written anew from the cells that were read: values and sheets are those of the file, its colours, widths and
//! formulas are not.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, ExcelDateTime, Format, Note, Workbook as Book, Worksheet, XlsxError};

use super::BadRow;
use super::workbook::{Content, Seen, Tab, Workbook};
use crate::domain::value::{Date, Lang};

/// The sheet that lists what is wrong.
const LIST: (&str, &str) = ("错误清单", "errors");

/// Columns of a sheet: Excel has no more.
const COLUMNS: usize = 16_384;
/// Longest text of a cell: Excel takes no more.
const TEXT: usize = 32_767;

/// What its columns are called.
const HEAD: ([&str; 6], [&str; 6]) =
    (["表", "格", "行", "列", "值", "原因"], ["Sheet", "Cell", "Row", "Column", "Value", "Reason"]);

/// Whether a sheet is such a list, of a copy that comes back.
#[must_use]
pub fn is_list(tab: &Tab) -> bool {
    let named = [LIST.0, LIST.1].iter().any(|name| tab.name.trim_end_matches('_') == *name);
    let heads = |head: [&str; 6]| tab.rows().next().is_some_and(|(_, cells)| cells.iter().map(|c| c.text).eq(head));
    named && (heads(HEAD.0) || heads(HEAD.1))
}

/// A name as that of a sheet, which has 31 characters at most, some of them not, and is the only one of its name.
#[must_use]
pub fn tab_name(name: &str, taken: &[String]) -> String {
    let fit = |name: &str, most: usize| -> String {
        let name: String = name.chars().map(|c| if "[]:*?/\\".contains(c) { '_' } else { c }).take(most).collect();
        let quoted = |c: char| c == '\'';
        if name.starts_with(quoted) || name.ends_with(quoted) { name.replace(quoted, "_") } else { name }
    };
    let free = |name: &String| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let plain = Some(fit(name, 31)).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "csv".to_owned());
    let numbered = |n: usize| format!("{}~{n}", fit(&plain, 27));
    std::iter::once(plain.clone()).chain((2..1000).map(numbered)).find(free).unwrap_or(plain)
}

/// The copy, with a list of all errors as its first sheet.
///
/// # Errors
/// The writer of workbooks refuses something: a bug, told as it is.
pub fn marked(book: &Workbook, bad: &[BadRow], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut copy = Book::new();
    let mut name = if lang == Lang::Zh { LIST.0 } else { LIST.1 }.to_owned();
    // The list of the copy before is not carried along.
    let tabs: Vec<&Tab> = book.tabs.iter().filter(|tab| !is_list(tab)).collect();
    while tabs.iter().any(|tab| tab.name.eq_ignore_ascii_case(&name)) {
        name.push('_');
    }
    let mut taken = vec![name.clone()];
    list(copy.add_worksheet().set_name(name)?, bad, lang)?;
    for tab in tabs {
        let of_tab: Vec<&BadRow> = bad.iter().filter(|b| b.sheet == tab.name && b.row > 0).collect();
        let sheet = copy.add_worksheet();
        let called = tab_name(&tab.name, &taken);
        sheet.set_name(&called)?.set_hidden(tab.hidden);
        taken.push(called);
        cells(sheet, tab, &of_tab, lang)?;
    }
    copy.save_to_buffer()
}

fn list(sheet: &mut Worksheet, bad: &[BadRow], lang: Lang) -> Result<(), XlsxError> {
    let head = if lang == Lang::Zh { HEAD.0 } else { HEAD.1 };
    let bold = Format::new().set_bold();
    for (column, (text, width)) in (0..).zip(head.into_iter().zip([16.0, 8.0, 8.0, 18.0, 24.0, 60.0])) {
        sheet.write_string_with_format(0, column, text, &bold)?.set_column_width(column, width)?;
    }
    for (row, b) in (1..).zip(bad) {
        let number = if b.row == 0 { String::new() } else { b.row.to_string() };
        let texts = [&b.sheet, &b.a1(), &number, &b.column, &b.value, b.reason.in_lang(lang)].map(String::from);
        for (column, text) in (0..).zip(texts) {
            sheet.write_string(row, column, text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn cells(sheet: &mut Worksheet, tab: &Tab, bad: &[&BadRow], lang: Lang) -> Result<(), XlsxError> {
    let (plain, red) = (Format::new(), Format::new().set_background_color(Color::RGB(0xFF_C7_CE)));
    let mut reasons: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    for b in bad.iter().filter(|b| b.cell.unwrap_or(0) < COLUMNS) {
        reasons.entry((b.row, b.cell.unwrap_or(0))).or_default().push(b.reason.in_lang(lang));
    }
    // A cell that should hold something may well be empty: it is coloured before the values come.
    for (row, column) in reasons.keys() {
        sheet.write_blank(row_of(*row), col_of(*column), &red)?;
    }
    for (row, cells) in tab.rows() {
        for cell in cells.iter().filter(|cell| cell.column < COLUMNS) {
            let format = if reasons.contains_key(&(row, cell.column)) { &red } else { &plain };
            write(sheet, row, cell, format)?;
        }
    }
    for ((row, column), reasons) in &reasons {
        let note = Note::new(reasons.join("\n")).set_author("dukao").set_width(260);
        sheet.insert_note(row_of(*row), col_of(*column), &note)?;
    }
    Ok(())
}

/// A row of ours, counted from 1, as the writer counts.
fn row_of(row: usize) -> u32 {
    u32::try_from(row.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn col_of(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn write(sheet: &mut Worksheet, row: usize, cell: &Seen<'_>, format: &Format) -> Result<(), XlsxError> {
    let (row, column) = (row_of(row), col_of(cell.column));
    match (cell.content, cell.text.parse::<f64>(), cell.text.parse::<Date>()) {
        (Content::Number, Ok(n), _) => sheet.write_number_with_format(row, column, n, format)?,
        (Content::Day, _, Ok(day)) => {
            let day = ExcelDateTime::parse_from_str(&day.to_string())?;
            sheet.write_datetime_with_format(row, column, day, &format.clone().set_num_format("yyyy-mm-dd"))?
        }
        _ => {
            let text: String = cell.text.chars().take(TEXT).collect();
            sheet.write_string_with_format(row, column, text, format)?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::Bilingual;
    use crate::exchange::workbook::{Workbook, parse};

    fn read(bytes: &[u8]) -> Workbook {
        let mut lines = Vec::new();
        parse(bytes, &mut lines).expect("lines");
        Workbook::read(lines.as_slice(), |_| ()).unwrap_or_else(|e| panic!("{e:?}"))
    }

    #[test]
    fn the_copy_holds_the_values_the_marks_and_the_list() {
        let lines =
            "tab\t0\t进度\nc\t0\t0\tt\tproject\nc\t1\t0\tt\t=1+1\nc\t1\t1\td\t2014-06-30\nc\t1\t2\tn\t4.5\nend\n";
        let book = Workbook::read(lines.as_bytes(), |_| ()).expect("a workbook");
        let bad = BadRow {
            file: "x.xlsx".into(),
            sheet: "进度".into(),
            row: 2,
            cell: Some(3),
            column: "percent".into(),
            value: String::new(),
            reason: Bilingual::new("不能为空", "must not be empty"),
            fault: crate::exchange::Fault::Value,
        };
        let bytes = marked(&book, &[bad], Lang::Zh).expect("a copy");
        let copy = read(&bytes);
        let names: Vec<&str> = copy.tabs.iter().map(|tab| tab.name.as_str()).collect();
        assert_eq!(names, ["错误清单", "进度"]);
        let texts = |tab: &Tab| -> Vec<Vec<String>> {
            tab.rows().map(|(_, cells)| cells.iter().map(|c| c.text.to_owned()).collect()).collect()
        };
        assert_eq!(texts(&copy.tabs[1]), texts(&book.tabs[0]), "a text that looks like a formula stays text");
        assert_eq!(texts(&copy.tabs[0])[1], ["进度", "D2", "2", "percent", "不能为空"]);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
        let mut notes = String::new();
        let mut part = zip.by_name("xl/comments1.xml").expect("comments");
        std::io::Read::read_to_string(&mut part, &mut notes).expect("text");
        assert!(notes.contains("ref=\"D2\"") && notes.contains("不能为空"), "{notes}");
    }
}
