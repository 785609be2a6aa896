//! From a block of text as a spreadsheet copies it to cells: rows and columns, figures, where names and headers stand.

use super::{Align, Found, Named};
use crate::app::grid::{CLEARED, Grid};
use crate::domain::border::restored;
use crate::text::{Text, fold_char};

/// A block of cells. Rows end at CR, LF or CRLF, cells at Tab; one empty last line is dropped; control characters go,
/// full-width forms are folded.
#[must_use]
pub fn block(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_suffix('\n').unwrap_or(&text);
    text.split('\n').map(|line| line.split('\t').map(cell).collect()).collect()
}

fn cell(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).map(fold_char).collect();
    let clean = clean.trim();
    let quoted = clean.strip_prefix('"').and_then(|c| c.strip_suffix('"'));
    let plain = quoted.map_or_else(|| clean.to_owned(), |c| c.replace("\"\"", "\""));
    restored(&plain).to_owned()
}

/// A cell as it would be typed: `1,234.5` without its commas, `95%` without its sign.
pub(super) fn number(text: &str) -> String {
    let bare = text.strip_suffix('%').unwrap_or(text).replace(',', "");
    if !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+')) {
        bare
    } else {
        text.to_owned()
    }
}

/// Where the names, headers and figures of a block stand.
pub(super) struct Shape<'t, C> {
    pub(super) data: &'t [Vec<String>],
    /// So many columns at the left say what a line is; they are not written.
    pub(super) names: usize,
    /// Columns of the block, and the columns of the grid that they are for.
    pub(super) places: Vec<(usize, C)>,
    /// Columns that say something and are for no column of the grid: by their header, else by their number.
    pub(super) unknown: Vec<String>,
}

/// Whether a column says what the lines are: words without a figure among them, or words most of which are rows. One
/// word among figures is a mistake in a cell, and a mistake is to be seen.
fn says_names<R: Copy + Ord, C: Copy + Ord>(
    data: &[Vec<String>],
    column: usize,
    grid: &Grid<R, C>,
    sheet: &impl Named<R, C>,
) -> bool {
    let cells = || data.iter().filter_map(|l| l.get(column)).filter(|c| !c.is_empty());
    let found =
        |c: &&String| is_word(c) && !matches!(sheet.find_row(c, &grid.rows), Found::Perhaps(rows) if rows.is_empty());
    let named = cells().filter(found).count();
    cells().any(|c| is_word(c)) && (!cells().any(|c| is_figure(c)) || named * 2 > cells().count())
}

/// Where a block has a header, and the columns of the grid that it names.
fn headers<R: Copy + Ord, C: Copy + Ord>(table: &[Vec<String>], sheet: &impl Named<R, C>) -> Vec<Option<C>> {
    let header = table.first().map(|line| line.iter().map(|c| sheet.find_column(c)).collect::<Vec<_>>());
    header.filter(|h| h.iter().any(Option::is_some)).unwrap_or_default()
}

/// By name where the first column says names: rows are never guessed from their order then.
pub(super) fn alignment<R: Copy + Ord, C: Copy + Ord>(
    table: &[Vec<String>],
    grid: &Grid<R, C>,
    sheet: &impl Named<R, C>,
) -> Align {
    let headers = headers(table, sheet);
    let own = headers.first().is_some_and(Option::is_some);
    let data = &table[usize::from(!headers.is_empty())..];
    if !own && says_names(data, 0, grid, sheet) { Align::Name } else { Align::Position }
}

impl<'t, C: Copy + Ord> Shape<'t, C> {
    pub(super) fn of<R: Copy + Ord>(
        table: &'t [Vec<String>],
        from: C,
        align: Align,
        grid: &Grid<R, C>,
        sheet: &impl Named<R, C>,
    ) -> Self {
        let headers = headers(table, sheet);
        let headed = !headers.is_empty();
        let data = &table[usize::from(headed)..];
        let width = data.iter().map(Vec::len).max().unwrap_or(0);
        // Columns of words before the first column of figures are ids and names.
        let own = |i: usize| headers.get(i).is_some_and(Option::is_some);
        let words = (0..width).take_while(|i| !own(*i) && says_names(data, *i, grid, sheet)).count();
        let words = if words == width || words == 0 { usize::from(align == Align::Name) } else { words };
        let places = if headed {
            headers.iter().enumerate().filter_map(|(i, c)| Some((i, (*c)?))).collect()
        } else {
            // As wide as the grid: all of it. Narrower: from the cursor on.
            let whole = width.saturating_sub(words) >= grid.columns.len();
            let from = grid.columns.iter().position(|c| *c == from).filter(|_| !whole).unwrap_or(0);
            (words..width).zip(grid.columns[from..].iter().copied()).collect()
        };
        let says = |i: usize| data.iter().any(|l| l.get(i).is_some_and(|c| !c.is_empty()));
        let places: Vec<(usize, C)> = places;
        let left_out = (words..width).filter(|i| says(*i) && !places.iter().any(|(place, _)| place == i));
        let header = |i: usize| table.first().filter(|_| headed).and_then(|l| l.get(i)).filter(|h| !h.is_empty());
        let unknown = left_out.map(|i| header(i).cloned().unwrap_or_else(|| (i + 1).to_string())).collect();
        Self { data, names: words, places, unknown }
    }
}

/// A figure, as a cell would take it.
fn is_figure(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && !is_word(text)
}

/// Neither a figure nor an empty cell.
pub(super) fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && text != CLEARED && !Text::NotApplicable.is(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_guarded_when_it_was_copied_is_that_name() {
        assert_eq!(block("'=1+1\t-4\t'甲"), [["=1+1", "-4", "'甲"]]);
    }

    #[test]
    fn a_block_is_split_as_spreadsheets_write_it() {
        let rows = |text| block(text).iter().map(|l| l.join("|")).collect::<Vec<_>>();
        assert_eq!(rows("a\t1\r\nb\t2\r\n"), ["a|1", "b|2"]);
        assert_eq!(rows("a\t1\rb\t2"), ["a|1", "b|2"]);
        assert_eq!(rows("１２．５\t\u{7}x \n\n"), ["12.5|x", ""]);
        assert_eq!(rows("\"甲 \"\"乙\"\"\"\t3\n"), ["甲 \"乙\"|3"]);
    }

    #[test]
    fn figures_are_read_as_a_spreadsheet_shows_them() {
        for (text, typed) in [("1,234.5", "1234.5"), ("95%", "95"), ("40.00", "40.00"), ("不适用", "不适用"), ("", "")]
        {
            assert_eq!(number(text), typed);
        }
    }
}
