//! 条形. The bars of a table's chart: whose, how long, against what; every picture of it draws these.

use super::document::{Cell, Table};

/// One bar.
pub struct Bar<'a> {
    /// Whose it is.
    pub name: String,
    /// Its figure.
    pub value: &'a Cell,
    /// Its figure in hundredths.
    pub length: i64,
}

/// Hundredths of a cell that has a length.
pub fn length(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Points(p) | Cell::Plain(p) => Some(p.0.max(0)),
        Cell::Count(n) => Some(n.saturating_mul(100).max(0)),
        _ => None,
    }
}

/// The bars of a table that has a chart; rows without a figure have none.
pub fn bars(table: &Table) -> Vec<Bar<'_>> {
    let Some(chart) = &table.chart else { return Vec::new() };
    let bar = |row: &'_ Vec<Cell>| Some((row[chart.names].printed(), length(&row[chart.values])?));
    (table.rows.iter().take(chart.rows))
        .filter_map(|row| bar(row).map(|(name, length)| Bar { name, value: &row[chart.values], length }))
        .collect()
}

/// What the longest bar is drawn against, in hundredths: scores out of 100 against 100.
pub fn longest(table: &Table) -> i64 {
    bars(table).iter().map(|bar| bar.length).max().unwrap_or(0).max(10_000)
}
