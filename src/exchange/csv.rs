//! CSV files: their encoding, and their rows.

use super::Encoding;
use super::line::{Line, Reading};
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
pub fn read(bytes: &[u8], encoding: Encoding, reading: &mut Reading<'_>, each: &mut dyn FnMut(&Line<'_>)) {
    let text = match decoded(bytes, encoding) {
        Ok(text) => text,
        Err(why) => return reading.refuse(0, why),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
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
        let row = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        rows += 1;
        if let Err(why) = limited(rows, &record) {
            return reading.refuse(row, why);
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
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
