//! 列宽. How wide the columns of a table have to be, in halves of a Han character.

use super::document::{Cell, Column, Table};

/// What is as short as this stays on one line.
const SHORT: usize = 14;
/// A header as short as this too.
const SHORT_HEADER: usize = 6;

/// Width of a text.
pub fn of(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A text cut into lines of at most so many Han characters where it reads well: behind a comma of a list or a colon. What
/// is longer than a line stays whole.
pub fn cut(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in text.split_inclusive(['、', ',', ':']) {
        match lines.last_mut() {
            Some(line) if of(line) + of(piece) <= 2 * room => line.push_str(piece),
            _ => lines.push(piece.trim_start().to_owned()),
        }
    }
    lines
}

/// The same with some more for what is not Han: its letters and digits are not all narrow, and bold in a total.
fn ample(text: &str) -> usize {
    let ascii = text.chars().filter(char::is_ascii).count();
    of(text) + ascii.div_ceil(5)
}

/// The widest piece of a text that no line break may cut: a word, or one Han character.
fn word(text: &str) -> usize {
    let pieces = text.split(|c: char| c == ' ' || !c.is_ascii()).map(ample);
    pieces.max().unwrap_or(0).max(if text.is_ascii() { 0 } else { 2 })
}

/// A header, in bold.
fn bold(label: usize) -> usize {
    (label * 9).div_ceil(8)
}

/// A header stands on two lines at most, and no word of it is cut.
fn header(label: &str) -> usize {
    let whole = ample(label);
    // Whole characters: half of three is two.
    let half = if whole <= SHORT_HEADER { whole } else { whole.div_ceil(4) * 2 };
    if label.is_ascii() { bold(word(label)) } else { word(label).max(half) }
}

fn cell(cell: &Cell) -> usize {
    let text = cell.printed();
    match cell {
        Cell::Text(_) if of(&text) > SHORT => word(&text),
        _ => ample(&text),
    }
}

/// Of the columns of a table: what each needs at least, so that figures and short words stay on one line and no word is cut;
/// and what it would have so that nothing is, of long texts as much as was planned.
pub fn columns(table: &Table) -> Vec<(usize, usize)> {
    let of_column = |(place, column): (usize, &Column)| {
        let cells = || table.rows.iter().chain(&table.total).map(move |row| &row[place]);
        let need = cells().map(cell).max().unwrap_or(0).max(header(&column.label));
        let all = cells().map(|c| ample(&c.printed())).max().unwrap_or(0).max(ample(&column.label));
        // What is filled in by hand has the room that was planned.
        let all = if cells().all(|c| *c == Cell::Blank) { usize::MAX } else { all };
        (need, need.max(all.min(2 * usize::from(column.width))))
    };
    table.columns.iter().enumerate().map(of_column).collect()
}

/// Widths in so much room: what the columns would have where it goes, else less for those that can spare it. None where it
/// goes by no means.
pub fn fitted(columns: &[(usize, usize)], room: usize) -> Option<Vec<usize>> {
    let sum = |of: fn(&(usize, usize)) -> usize| columns.iter().map(of).sum::<usize>();
    let (needed, wanted) = (sum(|c| c.0), sum(|c| c.1));
    if needed > room {
        return None;
    }
    let width = |(need, want): &(usize, usize)| match wanted.checked_sub(room).filter(|over| *over > 0) {
        Some(over) => want - ((want - need) * over).div_ceil(wanted - needed),
        None => *want,
    };
    Some(columns.iter().map(width).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_where_it_reads_well() {
        let zh = "关于2014年一季度考核、2014年一季度观摩结果的通报";
        assert_eq!(cut(zh, 20), ["关于2014年一季度考核、", "2014年一季度观摩结果的通报"]);
        assert_eq!(cut(zh, 30), [zh]);
        let en = "Bulletin: results of 2014年一季度考核, 2014年一季度观摩";
        assert_eq!(cut(en, 20), ["Bulletin: results of 2014年一季度考核,", "2014年一季度观摩"]);
        assert_eq!(cut("整改通知书", 3), ["整改通知书"]);
    }

    #[test]
    fn figures_and_short_words_stay_on_one_line_and_no_word_is_cut() {
        let mut table = Table::new(
            "t",
            "",
            vec![
                Column::words("name", "项目", 12),
                Column::words("unit", "Headquarters", 6),
                Column::figures("n", "亿元以上任务", 2),
                Column::figures("score", "得分", 5),
            ],
        );
        let name = "一个名字很长的重点建设项目工程";
        table.row([name.into(), "市政及服务业".into(), Cell::Count(1_234_567), Cell::Blank]);
        let columns = columns(&table);
        // Two characters of the header and as many of the name as planned; the header with air; a figure wider than half of
        // its header; room to write.
        assert_eq!(columns, [(4, 24), (17, 17), (9, 9), (4, 10)]);
        let fitted = |room| fitted(&columns, room);
        assert_eq!(fitted(60), Some(vec![24, 17, 9, 10]), "as wanted where there is room");
        assert_eq!(fitted(47), Some(vec![14, 17, 9, 7]), "the long names give way");
        assert_eq!(fitted(34), Some(vec![4, 17, 9, 4]));
        assert_eq!(fitted(33), None);
    }
}
