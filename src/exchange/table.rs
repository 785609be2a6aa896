//! 表. Tables of records, whatever file they come in: a CSV file, or one sheet of a workbook.

use super::csv;
use super::headers::{self, Mapping, Meaning};
use super::line::{Column, Complaints, Line, Reading, shown};
use super::workbook::{Content, Seen, Tab, Workbook, letters};
use super::{Encoding, Sheet};
use crate::domain::value::Bilingual;

/// What sheets are called besides the names of their kinds.
const CHINESE: [(Sheet, &[&str]); 10] = [
    (Sheet::Milestones, &["节点", "节点完成"]),
    (Sheet::Progress, &["进度"]),
    (Sheet::Incidents, &["事件"]),
    (Sheet::Rectifications, &["整改"]),
    (Sheet::Attractions, &["招商"]),
    (Sheet::Indicators, &["指标"]),
    (Sheet::Goals, &["目标"]),
    (Sheet::Scores, &["评分"]),
    (Sheet::Ballots, &["打分票", "票"]),
    (Sheet::Rounds, &["轮次"]),
];

impl Sheet {
    /// The kind that a sheet's name stands for; `progress~2` is a further sheet of progress, as copies name it.
    #[must_use]
    pub fn of_tab(name: &str) -> Option<Self> {
        let further = |name: &str| {
            let (base, n) = name.trim().rsplit_once('~')?;
            n.parse::<u32>().ok().and_then(|_| Self::called(base))
        };
        Self::called(name).or_else(|| further(name))
    }

    /// The kind of that name, ours or a Chinese one.
    pub(super) fn called(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::named(&name).or_else(|| CHINESE.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(s, _)| *s))
    }
}

/// Where a table comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Name of the file as given.
    pub file: String,
    /// Name of the sheet; empty where the file has none.
    pub sheet: String,
    /// SHA-256 of the file, the first twelve digits.
    pub sha12: String,
}

impl Origin {
    /// Of the bytes of a file.
    #[must_use]
    pub fn new(file: &str, bytes: &[u8]) -> Self {
        let mut sha12 = crate::plan::sha256(bytes);
        sha12.truncate(12);
        Self { file: file.to_owned(), sheet: String::new(), sha12 }
    }

    /// One sheet of it.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Self {
        Self { sheet: name.to_owned(), ..self.clone() }
    }

    /// File, and sheet where it has one.
    #[must_use]
    pub fn called(&self) -> String {
        if self.sheet.is_empty() { self.file.clone() } else { format!("{} {}", self.file, self.sheet) }
    }

    /// 理由 of every entry that comes from it: `import <file name> sha256:<12>`.
    #[must_use]
    pub fn reason(&self) -> String {
        let base = self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file);
        format!("import {} sha256:{}", shown(base), self.sha12)
    }
}

/// Where the rows of a table stand.
#[derive(Debug)]
pub enum Body<'a> {
    /// A file.
    Csv(&'a [u8], Encoding),
    /// A sheet.
    Tab(&'a Tab),
    /// A workbook that was made by [`super::scoresheet`].
    Scores(&'a Workbook),
}

/// A table to be read.
#[derive(Debug)]
pub struct Table<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// What it holds.
    pub kind: Sheet,
    /// What its headers mean.
    pub mapping: Mapping,
    /// Its rows.
    pub body: Body<'a>,
}

impl Table<'_> {
    /// File and sheet of everything that may be wrong in it, from left to right.
    pub fn sheets(&self) -> Vec<(String, String)> {
        let mut names = vec![self.origin.sheet.clone()];
        if let Body::Scores(book) = self.body {
            names.extend(book.tabs.iter().map(|tab| tab.name.clone()));
        }
        names.into_iter().map(|sheet| (self.origin.file.clone(), sheet)).collect()
    }

    /// Reads its rows and hands every line with something in it to `each`. Where our columns stand in it.
    pub fn read(&self, complaints: &Complaints, each: &mut dyn FnMut(&Line<'_>)) -> Vec<Option<usize>> {
        read(&self.origin, &self.body, self.kind.columns(), &self.mapping, complaints, each)
    }
}

/// Reads the rows of a table with these columns.
pub fn read(
    origin: &Origin,
    body: &Body<'_>,
    columns: &[Column],
    mapping: &Mapping,
    complaints: &Complaints,
    each: &mut dyn FnMut(&Line<'_>),
) -> Vec<Option<usize>> {
    let mut reading = Reading::new((&origin.file, &origin.sheet), columns, mapping, complaints);
    match body {
        Body::Csv(bytes, encoding) => csv::read(bytes, *encoding, &mut reading, each),
        Body::Tab(tab) => tab_rows(tab, &mut reading, each),
        Body::Scores(_) => {}
    }
    reading.places()
}

/// Rows at the head of a table among which the header is looked for: above it there may be titles, the office and the day.
pub const HEADED: usize = 20;

/// The header of a table as its set of names, to know it again.
#[must_use]
pub fn header_set(table: &Table<'_>) -> Vec<String> {
    header_of(&table.body, table.kind.columns(), &table.mapping)
}

/// The header of a table of these columns as its set of names.
pub fn header_of(body: &Body<'_>, columns: &[Column], mapping: &Mapping) -> Vec<String> {
    let rows = heads(body);
    header(&rows, columns, mapping).map_or_else(Vec::new, |at| set(&rows[at].1))
}

/// What is remembered of one of the rows that may be the header of a table.
pub fn recalled<T>(body: &Body<'_>, recall: impl Fn(&[String]) -> Option<T>) -> Option<T> {
    heads(body).iter().find_map(|(_, cells)| recall(&set(cells)))
}

/// The rows that may be the header, each with its line.
fn heads(body: &Body<'_>) -> Vec<(usize, Vec<String>)> {
    match body {
        Body::Csv(bytes, encoding) => csv::heads(bytes, *encoding),
        Body::Tab(tab) => tab_heads(tab),
        Body::Scores(_) => Vec::new(),
    }
}

fn tab_heads(tab: &Tab) -> Vec<(usize, Vec<String>)> {
    let texts = |cells: Vec<Seen<'_>>| cells.iter().map(|cell| cell.text.to_owned()).collect();
    tab.rows().take(HEADED).map(|(row, cells)| (row, texts(cells))).collect()
}

/// Which of the rows is the header: the first in which a column is recognised that must be there, else the first with more
/// than a title in it.
pub fn header(rows: &[(usize, Vec<String>)], columns: &[Column], mapping: &Mapping) -> Option<usize> {
    let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let needed = |name: &String| match headers::meaning(name.trim(), columns, mapping) {
        Meaning::Column(column, _) => columns[column].required,
        Meaning::Ignored | Meaning::Unknown => false,
    };
    let known = rows.iter().position(|(_, cells)| filled(cells) > 1 && cells.iter().any(needed));
    known.or_else(|| rows.iter().position(|(_, cells)| filled(cells) > 1))
}

fn set(names: &[String]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| headers::plain(name)).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names
}

fn tab_rows(tab: &Tab, reading: &mut Reading<'_>, each: &mut dyn FnMut(&Line<'_>)) {
    let heads = tab_heads(tab);
    let found = header(&heads, reading.columns(), reading.mapping()).map(|at| heads[at].0);
    let Some((first, head)) = tab.rows().find(|(row, _)| Some(*row) == found) else { return reading.finish(1) };
    let width = head.last().map_or(0, |cell| cell.column + 1);
    if width > csv::COLUMNS {
        let at = letters(width - 1);
        return reading.refuse(
            first,
            Bilingual::new(
                format!("表头到 {at} 列，最多 {} 列", csv::COLUMNS),
                format!("the header reaches column {at}; at most {} columns are read", csv::COLUMNS),
            ),
        );
    }
    let merged = tab.merged.iter().filter(|m| m.last.0 as usize + 1 >= first && (m.first.1 as usize) < width);
    let mut good = true;
    for region in merged {
        let (row, column) = region.first;
        reading.refuse_cell(row as usize + 1, column as usize, "", region.refused());
        good = false;
    }
    if !good {
        return;
    }
    let mut rows = 0;
    for (row, cells) in tab.rows().skip_while(|(row, _)| *row < first) {
        if cells.iter().all(|cell| cell.text.trim().is_empty() && !matches!(cell.content, Content::Bad(_))) {
            continue;
        }
        rows += 1;
        if rows > csv::ROWS {
            let (zh, en) = ("超过 200,000 行，请分开导入", "more than 200,000 rows: import it in parts");
            return reading.refuse(row, Bilingual::new(zh, en));
        }
        let (record, odd, outside) = spread(&cells, width);
        for cell in outside {
            reading.refuse_cell(row, cell.column, cell.text, Bilingual::new("在表头之外", "outside the header"));
        }
        if !reading.take(row, &record, &odd, each) {
            return;
        }
    }
}

/// A row of the sheet as a row of a file; the cells that cannot be taken, and those beyond its end.
fn spread<'a>(cells: &[Seen<'a>], width: usize) -> (::csv::StringRecord, Vec<(usize, Bilingual)>, Vec<Seen<'a>>) {
    let mut texts = vec![""; width];
    let (mut odd, mut outside) = (Vec::new(), Vec::new());
    for cell in cells {
        match texts.get_mut(cell.column) {
            None if cell.text.trim().is_empty() => {}
            None => outside.push(*cell),
            Some(text) => *text = cell.text,
        }
        if let Content::Bad(bad) = cell.content
            && cell.column < width
        {
            odd.push((cell.column, bad.text()));
        }
    }
    (::csv::StringRecord::from(texts), odd, outside)
}
