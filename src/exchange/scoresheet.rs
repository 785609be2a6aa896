//! 打分表. A workbook of the scores of a round, a sheet per headquarters: given out, filled in, and taken in again.
//!
//! A hidden sheet remembers the round, the rules and every cell as it was when the workbook was made. What comes back
//! changes only the cells that differ from it; a cell that somebody has changed in the meantime is a conflict.

mod read;
mod write;

pub use read::{Exported, is_scoresheet, read};
pub use write::write;

/// The hidden sheet.
const MEMORY: &str = "_dukao";
/// What it says first.
const FORMAT: &str = "dukao-scores-1";
/// Rows above the first project: names for us, criteria, and what each of their three columns is.
const HEAD: usize = 3;
/// Columns before the first criterion: id and name.
const LEFT: usize = 2;

/// The three columns of a criterion, by the ends of their names in the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// 推算
    Suggested,
    /// 评分
    Points,
    /// 备注
    Note,
}

impl Part {
    const ALL: [(Self, &str); 3] = [(Self::Suggested, "suggested"), (Self::Points, "points"), (Self::Note, "note")];

    fn name(self, criterion: &str) -> String {
        let end = Self::ALL.iter().find(|(part, _)| *part == self).map_or("", |(_, end)| end);
        format!("{criterion}:{end}")
    }

    fn of(name: &str) -> Option<(&str, Self)> {
        let (criterion, end) = name.rsplit_once(':')?;
        Self::ALL.iter().find(|(_, e)| *e == end).map(|(part, _)| (criterion, *part))
    }
}
