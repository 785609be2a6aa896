//! What is wrong with the text that a sheet makes of `projects.toml`, said of the sheet: the text itself is in no file.

use toml_edit::{Document, Item, Table};

use super::{COLUMNS, Entry, Registry};
use crate::domain::value::Bilingual;
use crate::exchange::line::shown;
use crate::exchange::{BadRow, Fault};
use crate::plan::{Diagnostic, FILES};

impl Registry {
    /// Everything that is wrong with the sheet, by row and cell: what was found in its cells, and the errors that the plan
    /// has with `text`, which the sheet makes of `projects.toml`.
    #[must_use]
    pub fn complaints(&self, text: &str, errors: &[Diagnostic]) -> Vec<BadRow> {
        let stands = Stands::of(text);
        let mut bad = self.bad.clone();
        bad.extend(errors.iter().filter_map(|error| self.located(&stands, error)));
        bad.sort_by_key(|bad| (bad.row, bad.cell));
        bad
    }

    /// An error at its cell or its row; none where the sheet has been told of that, or that may follow from what it was told.
    fn located(&self, stands: &Stands, error: &Diagnostic) -> Option<BadRow> {
        let project = if error.file == FILES[1] { stands.project(error.line) } else { None };
        let entry = project.and_then(|p| self.entries.iter().find(|entry| entry.id == p.id));
        let Some((project, entry)) = project.zip(entry) else {
            let place = project.map_or_else(|| format!("{}:{}", error.file, error.line), |p| p.id.clone());
            return Some(self.bad_row(None, "", "", reason(error, &format!("{place}："), &format!("{place}: "))));
        };
        let column = project.key(error.line).and_then(|key| COLUMNS.iter().position(|column| column.name == key));
        let cell = column.and_then(|column| self.places.get(column).copied().flatten());
        let told = |bad: &BadRow| bad.row == entry.row && (cell.is_none() || bad.cell == cell);
        if self.bad.iter().any(told) {
            return None;
        }
        let (name, value) = column.map_or(("", ""), |at| (COLUMNS[at].name, entry.cells[at].as_str()));
        Some(self.bad_row(Some((entry, cell)), name, value, reason(error, "", "")))
    }

    fn bad_row(&self, place: Option<(&Entry, Option<usize>)>, column: &str, value: &str, reason: Bilingual) -> BadRow {
        BadRow {
            file: self.origin.file.clone(),
            sheet: self.origin.sheet.clone(),
            row: place.map_or(0, |(entry, _)| entry.row),
            cell: place.and_then(|(_, cell)| cell),
            column: column.to_owned(),
            value: shown(value),
            reason,
            fault: Fault::Value,
        }
    }
}

/// Message and hint in one sentence.
fn reason(error: &Diagnostic, zh: &str, en: &str) -> Bilingual {
    let (mut zh, mut en) = (format!("{zh}{}", error.message.zh), format!("{en}{}", error.message.en));
    if let Some(hint) = &error.hint {
        zh = format!("{zh}；{}", hint.zh);
        en = format!("{en}; {}", hint.en);
    }
    Bilingual::new(zh, en)
}

/// Where the projects of a text stand, in its order.
struct Stands(Vec<Stand>);

/// A project: its first line, and the lines of its keys.
struct Stand {
    id: String,
    first: usize,
    keys: Vec<(String, usize, usize)>,
}

impl Stands {
    fn of(text: &str) -> Self {
        let ends: Vec<usize> = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect();
        let line = |at: usize| ends.partition_point(|end| *end < at) + 1;
        let Ok(doc) = Document::parse(text) else { return Self(Vec::new()) };
        let tables = doc.get("project").and_then(Item::as_array_of_tables);
        let stand = |table: &Table| {
            let keys = table.iter().filter(|(_, item)| item.is_value()).filter_map(|(name, item)| {
                let (begin, end) = (table.key(name)?.span()?.start, item.span()?.end);
                Some((name.to_owned(), line(begin), line(end)))
            });
            Some(Stand {
                id: table.get("id").and_then(Item::as_str)?.to_owned(),
                first: line(table.span()?.start),
                keys: keys.collect(),
            })
        };
        Self(tables.map_or_else(Vec::new, |tables| tables.iter().filter_map(stand).collect()))
    }

    /// The project in which a line stands.
    fn project(&self, line: usize) -> Option<&Stand> {
        self.0[..self.0.partition_point(|stand| stand.first <= line)].last()
    }
}

impl Stand {
    /// The key in whose lines a line is.
    fn key(&self, line: usize) -> Option<&str> {
        self.keys.iter().find(|(_, first, last)| (*first..=*last).contains(&line)).map(|(key, ..)| key.as_str())
    }
}
