//! CSV files: their encoding, and their rows.

use super::Encoding;
use super::line::{Line, Reading};
use super::table::{self, HEADED};
use super::workbook::{Content, Tab};
use crate::domain::value::Bilingual;

/// Largest file that is read.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// Most rows of a file.
pub const ROWS: usize = 200_000;
/// Most columns of a file.
pub const COLUMNS: usize = 64;
/// Most text of a cell, in bytes.
const CELL: usize = 10 * 1024;

/// The text of a file.
fn decoded(bytes: &[u8], encoding: Encoding) -> Result<String, Bilingual> {
    if bytes.len() > LARGEST {
        return Err(Bilingual::new("文件超过 20 MB", "the file is larger than 20 MB"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(b"PK") {
        return Err(Bilingual::new("不是 CSV：请另存为「CSV UTF-8」", "not CSV: save the file as \"CSV UTF-8\""));
    }
    if bytes.contains(&0) {
        return Err(Bilingual::new(
            "不是文本（含空字节）：请另存为「CSV UTF-8」",
            "not text, it has NUL bytes: save the file as \"CSV UTF-8\"",
        ));
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    let utf8 = std::str::from_utf8(marked.unwrap_or(bytes));
    let gb18030 = || {
        let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    };
    if encoding == Encoding::Auto && marked.is_none() {
        undoubted(bytes)?;
    }
    let text = match (encoding, utf8) {
        (Encoding::Auto | Encoding::Utf8, Ok(text)) => Some(text.to_owned()),
        (Encoding::Gb18030, Ok(text)) if marked.is_some() => Some(text.to_owned()),
        (Encoding::Auto, Err(_)) if marked.is_none() => gb18030(),
        (Encoding::Gb18030, _) => gb18030(),
        (_, Err(_)) => None,
    };
    text.ok_or_else(|| undecoded(bytes, encoding, marked.is_some()))
}

/// Which line cannot be read, and in which encoding.
fn undecoded(bytes: &[u8], encoding: Encoding, marked: bool) -> Bilingual {
    let utf8 = |line: &[u8]| std::str::from_utf8(line).is_ok();
    let gb = |line: &[u8]| encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(line).is_some();
    let as_utf8 = encoding == Encoding::Utf8 || marked;
    // No character of either holds the byte of a line's end.
    let bad = bytes.split(|b| *b == b'\n').position(|line| !if as_utf8 { utf8(line) } else { gb(line) });
    let line = bad.map_or(1, |at| at + 1);
    if as_utf8 {
        return Bilingual::new(
            format!("第 {line} 行不是 UTF-8；用 --encoding gb18030，或另存为「CSV UTF-8」"),
            format!("line {line} is not UTF-8: use --encoding gb18030, or save the file as \"CSV UTF-8\""),
        );
    }
    let auto = encoding == Encoding::Auto;
    let (zh, en) = if auto { ("UTF-8 或 GB18030", "UTF-8 or GB18030") } else { ("GB18030", "GB18030") };
    Bilingual::new(
        format!("第 {line} 行的文字编码不是 {zh}；请另存为「CSV UTF-8」"),
        format!("line {line} is not in {en}: save the file as \"CSV UTF-8\""),
    )
}

/// Refuses a text whose encoding cannot be told: one wrong guess would store other characters than those that were meant.
fn undoubted(bytes: &[u8]) -> Result<(), Bilingual> {
    let is_han = |c: &char| matches!(c, '\u{3400}'..='\u{9fff}');
    match std::str::from_utf8(bytes) {
        // Pairs of bytes that are letters of the West or Han characters: short names in GB18030 may look like that.
        Ok(text) => {
            let mut foreign = text.chars().filter(|c| !c.is_ascii()).peekable();
            if foreign.peek().is_none() || !foreign.all(|c| c < '\u{800}') {
                return Ok(());
            }
            let other = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            if other.is_some_and(|text| text.chars().filter(|c| !c.is_ascii()).all(|c| is_han(&c))) {
                return Err(Bilingual::new(
                    "看不出文字编码：用 --encoding utf-8 或 --encoding gb18030 指明",
                    "the encoding cannot be told: say it with --encoding utf-8 or --encoding gb18030",
                ));
            }
            Ok(())
        }
        // Text in UTF-8 with a damaged place reads as GB18030 too, as nonsense.
        Err(e) => {
            let read = String::from_utf8_lossy(bytes);
            let damaged = read.chars().filter(|c| *c == '\u{fffd}').count();
            if read.chars().filter(is_han).count() <= damaged {
                return Ok(());
            }
            let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            Err(Bilingual::new(
                format!("第 {line} 行有损坏的字符：文件像是 UTF-8，又不全是；请另存为「CSV UTF-8」"),
                format!("line {line} is damaged: the file looks like UTF-8 and is not: save it as \"CSV UTF-8\""),
            ))
        }
    }
}

/// The first rows of a file with something in them, each with its line.
pub fn heads(bytes: &[u8], encoding: Encoding) -> Vec<(usize, Vec<String>)> {
    head_rows(&decoded(bytes, encoding).unwrap_or_default())
}

fn head_rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let filled = |record: &csv::StringRecord| !record.iter().all(is_blank);
    let rows = reader.records().map_while(Result::ok).filter(filled).take(HEADED);
    rows.map(|record| (line_of(&record), record.iter().map(str::to_owned).collect())).collect()
}

fn line_of(record: &csv::StringRecord) -> usize {
    record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0))
}

/// A file as a sheet of texts, each row where its line is; nothing in it where it cannot be read.
#[must_use]
pub fn tab(name: &str, bytes: &[u8], encoding: Encoding) -> Tab {
    let text = decoded(bytes, encoding).unwrap_or_default();
    let mut tab = Tab::default();
    name.clone_into(&mut tab.name);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for record in reader.records().map_while(Result::ok).take(ROWS) {
        let line = record.position().map_or(0, |p| p.line().saturating_sub(1));
        let Ok(row) = u32::try_from(line) else { break };
        for (column, cell) in (0..).zip(record.iter().take(COLUMNS)).filter(|(_, cell)| !cell.is_empty()) {
            tab.push(row, column, Content::Text, cell);
        }
    }
    tab
}

/// Where the last line begins whose quotation mark is never closed: everything after it has been taken for one cell.
fn open_end(text: &str, begun: &csv::Position) -> Option<Bilingual> {
    let rest = text.get(usize::try_from(begun.byte()).ok()?..)?.trim_end();
    let open = rest.contains('\n') && rest.bytes().filter(|b| *b == b'"').count() % 2 == 1;
    open.then(|| {
        Bilingual::new(
            "引号没有收尾，后面的行都成了这一格的内容",
            "a quotation mark is never closed: the lines after it became part of the cell",
        )
    })
}

/// Reads a file and hands every line with something in it to `each`.
pub fn read(bytes: &[u8], encoding: Encoding, reading: &mut Reading<'_>, each: &mut dyn FnMut(&Line<'_>)) {
    let text = match decoded(bytes, encoding) {
        Ok(text) => text,
        Err(why) => return reading.refuse(0, why),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let heads = head_rows(&text);
    let header = table::header(&heads, reading.columns(), reading.mapping()).map(|at| heads[at].0);
    let mut record = csv::StringRecord::new();
    let mut rows = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return reading.finish(1),
            Ok(true) => {}
            Err(e) => {
                let row = e.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
                return reading.refuse(row, Bilingual::new(format!("不合 CSV：{e}"), format!("not CSV: {e}")));
            }
        }
        let row = line_of(&record);
        let at_end = usize::try_from(reader.position().byte()).is_ok_and(|byte| byte >= text.len());
        if let Some(why) = record.position().filter(|_| at_end).and_then(|begun| open_end(&text, begun)) {
            return reading.refuse(row, why);
        }
        rows += 1;
        if let Err(why) = limited(rows, &record) {
            return reading.refuse(row, why);
        }
        // Above the header stand titles.
        if record.iter().all(is_blank) || header.is_some_and(|header| row < header) {
            continue;
        }
        // Cells beyond the header that hold nothing are what spreadsheets leave behind.
        while reading.has_header() && record.len() > reading.width() && record.iter().next_back().is_some_and(is_blank)
        {
            record.truncate(record.len() - 1);
        }
        if reading.has_header() && record.len() != reading.width() {
            let (n, width) = (record.len(), reading.width());
            reading.refuse(
                row,
                Bilingual::new(format!("{n} 格，表头 {width} 格"), format!("{n} cells, the header has {width}")),
            );
        } else if !reading.take(row, &record, &[], each) {
            return;
        }
    }
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// A file that would take too much ends the reading of it.
fn limited(rows: usize, record: &csv::StringRecord) -> Result<(), Bilingual> {
    if rows > ROWS {
        return Err(Bilingual::new("超过 200,000 行，请分成几份", "more than 200,000 lines: divide the file"));
    }
    if record.len() > COLUMNS {
        return Err(Bilingual::new("超过 64 列", "more than 64 columns"));
    }
    if record.iter().any(|cell| cell.len() > CELL) {
        return Err(Bilingual::new("有单元格超过 10 KB", "a cell is longer than 10 KB"));
    }
    Ok(())
}
