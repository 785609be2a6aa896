//! 图. A table's chart as SVG: horizontal bars from nought, each with its name and its figure.

use std::fmt::Write as _;

use super::document::{Cell, Table};

const WIDTH: i64 = 720;
const ROW: i64 = 26;
const TOP: i64 = 30;
/// Where the bars begin and how long the longest is.
const BARS: (i64, i64) = (170, 470);

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Hundredths of a cell that has a length.
pub fn length(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Points(p) | Cell::Plain(p) => Some(p.0.max(0)),
        Cell::Count(n) => Some(n.saturating_mul(100).max(0)),
        _ => None,
    }
}

/// What the longest bar of a table's chart is drawn against, in hundredths: scores out of 100 against 100.
pub fn longest(table: &Table) -> i64 {
    let values = table
        .chart
        .iter()
        .flat_map(|chart| table.rows.iter().take(chart.rows).filter_map(|row| length(&row[chart.values])));
    values.max().unwrap_or(0).max(10_000)
}

/// The chart of a table that has one; rows without a figure have no bar.
pub fn chart(table: &Table) -> Option<String> {
    let chart = table.chart.as_ref()?;
    let bars: Vec<(&Cell, &Cell, i64)> = (table.rows.iter().take(chart.rows))
        .filter_map(|row| Some((&row[chart.names], &row[chart.values], length(&row[chart.values])?)))
        .collect();
    let longest = longest(table);
    let height = TOP + ROW * i64::try_from(bars.len()).unwrap_or(0) + 6;
    let mut svg = format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"'Noto Sans CJK SC',SimHei,sans-serif\" \
         font-size=\"14\"><title>{0}</title><text x=\"0\" y=\"18\" font-weight=\"bold\">{0}</text>",
        escaped(&chart.title)
    );
    let mut y = TOP;
    for (name, value, n) in bars {
        let (start, width, text) = (BARS.0, BARS.1 * n / longest, y + 16);
        // Writing into a string cannot fail.
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{}</text><rect x=\"{start}\" y=\"{}\" width=\"{width}\" height=\"16\" \
             fill=\"#3b6ea5\"/><text x=\"{}\" y=\"{text}\">{}</text>",
            start - 8,
            escaped(&name.printed()),
            y + 3,
            start + width + 6,
            escaped(&value.printed()),
        );
        y += ROW;
    }
    let (axis, bottom) = (BARS.0, y + 2);
    let _ = write!(svg, "<line x1=\"{axis}\" y1=\"{TOP}\" x2=\"{axis}\" y2=\"{bottom}\" stroke=\"#444\"/></svg>");
    Some(svg)
}
