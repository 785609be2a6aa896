//! What is wrong with the text that a sheet makes of `projects.toml`, said of the sheet: the text itself is in no file.

use std::collections::{HashMap, HashSet};

use toml_edit::{Document, Item, Table};

use super::{COLUMNS, Entry, Registry};
use crate::domain::value::Bilingual;
use crate::exchange::BadRow;
use crate::exchange::line::{Complaints, Spot};
use crate::plan::{Diagnostic, FILES};

impl Registry {
    /// Everything that is wrong with the sheet, by row and cell: what was found in its cells, and the errors that the plan
    /// has with `text`, which the sheet makes of `projects.toml`.
    #[must_use]
    pub fn complaints(&self, text: &str, errors: &[Diagnostic]) -> Vec<BadRow> {
        let stands = Stands::of(text);
        let entries: HashMap<&str, &Entry> = self.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        let told: HashSet<(usize, Option<usize>)> =
            self.bad.iter().flat_map(|bad| [(bad.row, bad.cell), (bad.row, None)]).collect();
        let complaints = Complaints::found(&self.bad);
        errors.iter().for_each(|error| self.located(&stands, &entries, &told, error, &complaints));
        let mut bad = complaints.into_inner();
        bad.sort_by_key(|bad| (bad.row, bad.cell));
        bad
    }

    /// Complains of an error at its cell or its row, unless the sheet has been told of that, or of what it may follow from.
    fn located(
        &self,
        stands: &Stands,
        entries: &HashMap<&str, &Entry>,
        told: &HashSet<(usize, Option<usize>)>,
        error: &Diagnostic,
        complaints: &Complaints,
    ) {
        let spot = |row, cell| Spot { file: &self.origin.file, sheet: &self.origin.sheet, row, cell };
        let project = if error.file == FILES[1] { stands.project(error.line) } else { None };
        let entry = project.and_then(|p| entries.get(p.id.as_str()).copied());
        let Some((project, entry)) = project.zip(entry) else {
            let place = project.map_or_else(|| format!("{}:{}", error.file, error.line), |p| p.id.clone());
            let why = reason(error, &format!("{place}："), &format!("{place}: "));
            return complaints.add(spot(0, None), "", "", why);
        };
        let column = project.key(error.line).and_then(|key| COLUMNS.iter().position(|column| column.name == key));
        let cell = column.and_then(|column| self.places.get(column).copied().flatten());
        if told.contains(&(entry.row, cell)) {
            return;
        }
        let (name, value) = column.map_or(("", ""), |at| (COLUMNS[at].name, entry.cells[at].as_str()));
        complaints.add(spot(entry.row, cell), name, value, reason(error, "", ""));
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
