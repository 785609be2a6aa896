//! 列宽. How wide the columns of a table have to be, in halves of a Han character.

use super::document::{Cell, Table};

/// What is as short as this stays on one line.
const SHORT: usize = 14;

/// Width of a text.
pub fn of(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The widest piece of a text that no line break may cut: a word, or one Han character.
fn word(text: &str) -> usize {
    let pieces = text.split(|c: char| c == ' ' || !c.is_ascii()).map(str::len);
    pieces.max().unwrap_or(0).max(if text.is_ascii() { 0 } else { 2 })
}

/// A header stands on two lines at most, and no word of it is cut.
fn header(label: &str) -> usize {
    // Whole characters: half of three is two.
    let half = if label.is_ascii() { 0 } else { of(label).div_ceil(4) * 2 };
    // Headers are bold.
    (word(label) * 9).div_ceil(8).max(half)
}

fn cell(cell: &Cell) -> usize {
    let text = cell.printed();
    let all = of(&text);
    match cell {
        Cell::Text(_) if all > SHORT => word(&text),
        _ => all,
    }
}

/// What each column needs at least: its figures and short words on one line, no word cut.
pub fn needs(table: &Table) -> Vec<usize> {
    let cells = |place: usize| table.rows.iter().chain(&table.total).map(move |row| cell(&row[place]));
    let of_column = |(place, c): (usize, &super::document::Column)| {
        let widest = cells(place).max().unwrap_or(0);
        header(&c.label).max(widest)
    };
    table.columns.iter().enumerate().map(of_column).collect()
}

/// Widths that fill `room`: what was planned where it goes, else less for those that can spare it. None where it goes by no
/// means.
pub fn fitted(table: &Table, needs: &[usize], room: usize) -> Option<Vec<usize>> {
    let wants: Vec<usize> =
        table.columns.iter().zip(needs).map(|(column, need)| (2 * usize::from(column.width)).max(*need)).collect();
    let (wanted, needed): (usize, usize) = (wants.iter().sum(), needs.iter().sum());
    if needed > room {
        return None;
    }
    let spare = |want: &usize, need: &usize| match wanted.checked_sub(room).filter(|over| *over > 0) {
        Some(over) => want - ((want - need) * over).div_ceil(wanted - needed),
        None => *want,
    };
    Some(wants.iter().zip(needs).map(|(want, need)| spare(want, need)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::Column;

    fn table(columns: Vec<Column>, row: Vec<Cell>) -> Table {
        let mut table = Table::new("t", "", columns);
        table.row(row);
        table
    }

    #[test]
    fn figures_and_short_words_stay_on_one_line_and_no_word_is_cut() {
        let columns = vec![
            Column::words("name", "项目", 12),
            Column::words("unit", "Headquarters", 6),
            Column::figures("n", "亿元以上任务", 2),
        ];
        let cells = vec!["一个名字很长的重点建设项目工程".into(), "市政及服务业".into(), Cell::Count(1_234_567)];
        let table = table(columns, cells);
        // One character of the long name; the bold header; the figure, which is wider than half of its header.
        assert_eq!(needs(&table), [2, 14, 7]);
        let fitted = |room| fitted(&table, &needs(&table), room);
        assert_eq!(fitted(60), Some(vec![24, 14, 7]), "as planned where there is room");
        assert_eq!(fitted(35), Some(vec![14, 14, 7]), "the long names give way");
        assert_eq!(fitted(22), None);
    }
}
