//! Cells of the tables: words, days and figures as the commands print them.

use crate::domain::value::{Date, Lang, Points};

pub use crate::domain::words::Word;

/// Not stated, not entered, none.
pub const NONE: &str = "--";

/// A term that may be missing.
pub fn word<W: Word>(w: Option<W>, lang: Lang) -> String {
    w.map_or_else(|| NONE.to_owned(), |w| w.word(lang))
}

/// A day: `MM-DD` within the year, else in full.
pub fn day(date: Date, year: i16) -> String {
    if date.year() == year { date.strftime("%m-%d").to_string() } else { date.to_string() }
}

/// A day that may be missing.
pub fn opt_day(date: Option<Date>, year: i16) -> String {
    date.map_or_else(|| NONE.to_owned(), |d| day(d, year))
}

/// A score with two decimals.
pub fn score(points: Option<Points>) -> String {
    points.map_or_else(|| NONE.to_owned(), |p| p.fixed(2))
}

/// A count that may be missing.
pub fn count<T: ToString>(n: Option<T>) -> String {
    n.map_or_else(|| NONE.to_owned(), |n| n.to_string())
}

/// Words of the plan's own texts, as they stand.
pub fn text(s: Option<&str>) -> String {
    s.unwrap_or(NONE).to_owned()
}
