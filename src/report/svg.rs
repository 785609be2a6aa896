//! 图. A table's chart as SVG: horizontal bars from nought, each with its name and its figure.

use std::fmt::Write as _;

use super::bars::{bars, longest};
use super::document::Table;

const WIDTH: i64 = 720;
const ROW: i64 = 26;
const TOP: i64 = 30;
/// Where the bars begin and how long the longest is.
const BARS: (i64, i64) = (170, 470);

/// Text of an XML document.
pub fn escaped(text: &str) -> String {
    // XML has no way to write the other control characters.
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The chart of a table that has one; rows without a figure have no bar.
pub fn chart(table: &Table) -> Option<String> {
    let chart = table.chart.as_ref()?;
    let (bars, longest) = (bars(table), longest(table));
    let height = TOP + ROW * i64::try_from(bars.len()).unwrap_or(0) + 6;
    let mut svg = format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"'Noto Sans CJK SC',SimHei,sans-serif\" \
         font-size=\"14\"><title>{0}</title><text x=\"0\" y=\"18\" font-weight=\"bold\">{0}</text>",
        escaped(&chart.title)
    );
    let mut y = TOP;
    for bar in bars {
        let (start, width, text) = (BARS.0, BARS.1 * bar.length / longest, y + 16);
        // Writing into a string cannot fail.
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{}</text><rect x=\"{start}\" y=\"{}\" width=\"{width}\" height=\"16\" \
             fill=\"#3b6ea5\"/><text x=\"{}\" y=\"{text}\">{}</text>",
            start - 8,
            escaped(&bar.name),
            y + 3,
            start + width + 6,
            escaped(&bar.value.printed()),
        );
        y += ROW;
    }
    let (axis, bottom) = (BARS.0, y + 2);
    let _ = write!(svg, "<line x1=\"{axis}\" y1=\"{TOP}\" x2=\"{axis}\" y2=\"{bottom}\" stroke=\"#444\"/></svg>");
    Some(svg)
}
