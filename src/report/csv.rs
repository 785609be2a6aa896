//! CSV: UTF-8 with a byte order mark, every text guarded against acting as a formula, numbers as numbers.

use super::document::{Cell, Document, Table};
use crate::domain::border::quoted;

/// What makes a spreadsheet read the file as UTF-8.
const BOM: &str = "\u{feff}";

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Id { full: text, .. } => quoted(text),
        // What is none has no value: a dash would be text among numbers.
        Cell::None | Cell::Blank => String::new(),
        Cell::Money(money) => money.exact(),
        written => written.printed(),
    }
}

/// Lines of a file.
struct Lines(String);

impl Lines {
    fn new() -> Self {
        Self(BOM.to_owned())
    }

    fn line<S: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut line = ::csv::Writer::from_writer(Vec::new());
        // Memory takes every line.
        drop(line.write_record(cells));
        self.0.push_str(&String::from_utf8_lossy(&line.into_inner().unwrap_or_default()));
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }

    /// A line of its own; none where there is nothing to say.
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.line([quoted(text)]);
        }
    }

    fn heads<'a>(&mut self, heads: impl IntoIterator<Item = &'a str>) {
        self.line(heads.into_iter().map(quoted));
    }

    fn rows(&mut self, table: &Table) {
        for row in &table.rows {
            self.line(row.iter().map(plain));
        }
    }
}

/// One table, its first line the ids of its columns: other programs and our own import read it.
#[must_use]
pub fn table(table: &Table) -> String {
    let mut lines = Lines::new();
    lines.heads(table.columns.iter().map(|c| c.id.as_str()));
    lines.rows(table);
    lines.0
}

/// A whole document, its tables one below the other, an empty line between them.
#[must_use]
pub fn document(document: &Document) -> String {
    let mut lines = Lines::new();
    let (date, say) = (document.signature.date, super::Say(document.lang));
    let head = document.warnings().into_iter().chain(document.masthead.clone()).chain(document.number.clone());
    let head = head.chain([document.marked_title()]).chain(document.addressees()).chain(document.lead.clone());
    head.for_each(|text| lines.text(&text));
    for part in &document.parts {
        lines.blank();
        lines.text(&part.heading);
        for text in &part.text {
            lines.text(text);
        }
        for table in &part.tables {
            lines.blank();
            lines.text(&table.title);
            lines.heads(table.columns.iter().map(|c| c.label.as_str()));
            lines.rows(table);
            if let Some(total) = &table.total {
                lines.line(total.iter().map(plain));
            }
        }
        for note in &part.notes {
            lines.text(note);
        }
    }
    lines.blank();
    let foot = document.signature.issuer.clone().into_iter().chain(date.map(|d| say.day(d))).chain(document.hands());
    for text in foot.chain(document.imprint()) {
        lines.text(&text);
    }
    lines.0
}
