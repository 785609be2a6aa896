//! 表头. Which column of the file each of ours is.

use super::super::headers::{self, Meaning};
use super::{Column, Reading};
use crate::domain::value::Bilingual;
use crate::plan::text::nearest;

/// Which column of the file each of ours is, and the unit that its header names.
pub struct Header {
    pub places: Vec<Option<usize>>,
    pub units: Vec<Option<&'static str>>,
    /// Columns of the file whose header is empty.
    pub nameless: Vec<usize>,
    pub width: usize,
}

impl Reading<'_> {
    /// Reads the header; none where a row below it cannot be understood.
    pub(super) fn read_header(&self, row: usize, record: &csv::StringRecord) -> Option<Header> {
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

/// What is said of a header that means nothing.
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
