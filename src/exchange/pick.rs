//! 选表. Which sheets of a workbook hold which records.

use super::headers::Mapping;
use super::marked;
use super::scoresheet;
use super::table::{self, Body, Origin, Table};
use super::workbook::{Tab, Workbook};
use super::{Notice, Sheet};
use crate::domain::value::Bilingual;

/// What is remembered of a set of headers.
pub type Recall<'a> = dyn Fn(&[String]) -> Option<(Sheet, Mapping)> + 'a;

/// What was asked for, and what is remembered.
pub struct Asked<'a> {
    /// What the sheet holds.
    pub kind: Option<Sheet>,
    /// The sheet of that name alone.
    pub sheet: Option<&'a str>,
    /// What its headers mean.
    pub mapping: &'a Mapping,
    /// What a sheet with these headers was taken for before, and with which mapping.
    pub recall: &'a Recall<'a>,
}

/// The tables of a workbook.
///
/// # Errors
/// It has no such sheet, or nothing says what a sheet holds.
pub fn tables<'a>(
    origin: &Origin,
    book: &'a Workbook,
    asked: &Asked<'_>,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Table<'a>>, Bilingual> {
    if asked.kind.is_none() && asked.sheet.is_none() && scoresheet::is_scoresheet(book) {
        let mapping = Mapping::default();
        return Ok(vec![Table { origin: origin.clone(), kind: Sheet::Scores, mapping, body: Body::Scores(book) }]);
    }
    let table = |tab: &'a Tab, kind: Sheet| {
        let of_kind = |headers: &[String]| (asked.recall)(headers).filter(|(of, _)| *of == kind);
        let remembered = table::recalled(&Body::Tab(tab), of_kind).map(|(_, mapping)| mapping);
        let mapping = asked.mapping.over(&remembered.unwrap_or_default());
        Table { origin: origin.sheet(&tab.name), kind, mapping, body: Body::Tab(tab) }
    };
    if let (Some(kind), None) = (asked.kind, asked.sheet) {
        let taken = of_kind(book, kind, asked)?;
        // Whoever names the kind means the whole workbook: what does not come in is said.
        for left in in_sight(book).filter(|tab| !taken.iter().any(|one| std::ptr::eq(*one, *tab))) {
            let (zh, en) = ("不是这一类记录的表，略过", "no sheet of this kind of record: left out");
            let (file, sheet, message) = (origin.file.clone(), left.name.clone(), Bilingual::new(zh, en));
            notices.push(Notice { file, sheet, row: 0, message });
        }
        return Ok(taken.into_iter().map(|tab| table(tab, kind)).collect());
    }
    if asked.sheet.is_some() {
        let tab = one(book, asked)?;
        let known = || asked.kind.or_else(|| Sheet::of_tab(&tab.name)).or_else(|| recalled(tab, asked));
        let kind = known().ok_or_else(|| {
            let all = Sheet::ALL.map(Sheet::name).join(", ");
            Bilingual::new(
                format!("表「{}」的名字不说明内容；用 --kind 指明：{all}", tab.name),
                format!("the name of sheet {:?} does not tell what it holds; say it with --kind: {all}", tab.name),
            )
        })?;
        return Ok(vec![table(tab, kind)]);
    }
    let mut found = Vec::new();
    for tab in book.tabs.iter().filter(|tab| !tab.is_empty() && !marked::is_list(tab)) {
        match Sheet::of_tab(&tab.name).or_else(|| recalled(tab, asked)).filter(|_| !tab.hidden) {
            Some(kind) => found.push(table(tab, kind)),
            None => notices.push(Notice {
                file: origin.file.clone(),
                sheet: tab.name.clone(),
                row: 0,
                message: if tab.hidden {
                    Bilingual::new("隐藏的表，略过", "a hidden sheet: left out")
                } else {
                    Bilingual::new("表名不是记录的类别，略过", "not named after a kind of record: left out")
                },
            }),
        }
    }
    if found.is_empty() {
        let all = Sheet::ALL.map(Sheet::name).join(", ");
        return Err(Bilingual::new(
            format!("没有一张表以记录的类别命名（{all}，或其中文名）；用 --kind 和 --sheet 指明"),
            format!("no sheet is named after a kind of record ({all}): say which with --kind and --sheet"),
        ));
    }
    Ok(found)
}

fn recalled(tab: &Tab, asked: &Asked<'_>) -> Option<Sheet> {
    table::recalled(&Body::Tab(tab), asked.recall).map(|(kind, _)| kind)
}

/// Sheets that are shown and hold something, our list of errors aside.
fn in_sight(book: &Workbook) -> impl Iterator<Item = &Tab> {
    book.tabs.iter().filter(|tab| !tab.hidden && !tab.is_empty() && !marked::is_list(tab))
}

/// The sheets that hold records of the kind: all that are named after it, else the only one in sight.
fn of_kind<'a>(book: &'a Workbook, kind: Sheet, asked: &Asked<'_>) -> Result<Vec<&'a Tab>, Bilingual> {
    let named: Vec<&Tab> = in_sight(book).filter(|tab| Sheet::of_tab(&tab.name) == Some(kind)).collect();
    if named.is_empty() { one(book, asked).map(|tab| vec![tab]) } else { Ok(named) }
}

/// The one sheet that is meant: by its name, else the only one in sight.
pub fn one<'a>(book: &'a Workbook, asked: &Asked<'_>) -> Result<&'a Tab, Bilingual> {
    let listed = |tabs: &[&Tab]| tabs.iter().map(|tab| tab.name.as_str()).collect::<Vec<_>>().join("、");
    if let Some(name) = asked.sheet {
        return book.tabs.iter().find(|tab| tab.name.trim() == name.trim()).ok_or_else(|| {
            let all = listed(&book.tabs.iter().collect::<Vec<_>>());
            Bilingual::new(
                format!("没有表「{name}」；有：{all}"),
                format!("there is no sheet {name:?}; there are {all}"),
            )
        });
    }
    let seen: Vec<&Tab> = in_sight(book).collect();
    match seen.as_slice() {
        [tab] => Ok(tab),
        [] => Err(Bilingual::new("工作簿里没有内容", "there is nothing in the workbook")),
        many => {
            let all = listed(many);
            Err(Bilingual::new(
                format!("有几张表（{all}）；用 --sheet 指明"),
                format!("several sheets ({all}): say which with --sheet"),
            ))
        }
    }
}
