//! 错处. What is wrong in a file, and what should be known of it although it was taken.

use super::workbook;
use crate::domain::value::Bilingual;

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Name of the file as given.
    pub file: String,
    /// Name of the sheet; empty where the file has none.
    pub sheet: String,
    /// Line in the file, counted from 1; 0 where the file as a whole is meant.
    pub row: usize,
    /// Column in the file, counted from 0; none where no cell is meant.
    pub cell: Option<usize>,
    /// Header of the column; empty where the row as a whole is meant.
    pub column: String,
    /// The cell as written, cut at 60 characters, invisible characters replaced.
    pub value: String,
    /// Why it is refused, and what would be right.
    pub reason: Bilingual,
    /// What is at fault.
    pub fault: Fault,
}

/// 错因. What is at fault where a row does not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What is written there.
    Value,
    /// Somebody changed it after the sheet was given out.
    Overtaken,
    /// The record or its round stands where this cannot be done.
    State,
    /// The person may not.
    Right,
}

impl BadRow {
    /// The cell as a spreadsheet names it, `C12`; empty where no cell is meant.
    #[must_use]
    pub fn a1(&self) -> String {
        self.cell.map_or_else(String::new, |cell| format!("{}{}", workbook::letters(cell), self.row))
    }
}

/// Something about a row that the person should know although it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty where the file has none.
    pub sheet: String,
    /// Line in the file.
    pub row: usize,
    /// What happened.
    pub message: Bilingual,
}
