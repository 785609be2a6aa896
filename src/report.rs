//! 文稿. What goes out: bulletins, tables and one-page printouts, as docx, xlsx, md, html, csv and json.
//!
//! There is one model, [`Document`]: cells that keep their type, tables that name their columns, parts that have a
//! heading. What a document says is decided once, in [`bulletin`] and its neighbours, from a snapshot; the writers know
//! nothing of the district and every format says the same.

mod bars;
pub mod bulletin;
mod csv;
mod document;
mod docx;
mod json;
mod printouts;
mod svg;
mod tables;
mod template;
mod widths;
mod xlsx;

pub use document::{Cell, Chart, Column, Document, Mark, Part, Signature, Stage, Table};
pub use printouts::{ballot_sheet, dossier, notice};
pub use tables::{ballots, projects, scores};
pub use template::{Own, Refused, html, markdown};
/// A document or a table as a workbook.
pub use xlsx::{document as xlsx_document, table as xlsx_table};

use crate::domain::value::{Date, Lang};

/// A document or a table in the way of a spreadsheet.
pub use csv::{document as csv_document, table as csv_table};
/// A document in the layout of an official letter, or in that of the office's own.
pub use docx::{OwnLetter, document as docx_document, filled as own_docx};
/// A document as other programs read it.
pub use json::{document as json_document, table as json_table};

/// Which of two wordings.
#[derive(Clone, Copy, Debug)]
struct Say(Lang);

impl Say {
    fn of<T>(self, zh: T, en: T) -> T {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A heading with the day that what stands below it was taken at.
    fn at(self, heading: &str, date: Date) -> String {
        let day = self.day(date);
        self.of(format!("{heading}（截至{day}）"), format!("{heading} (as of {day})"))
    }

    /// A day as it stands in a letter.
    fn day(self, date: Date) -> String {
        match self.0 {
            Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Lang::En => date.strftime("%-d %B %Y").to_string(),
        }
    }
}
