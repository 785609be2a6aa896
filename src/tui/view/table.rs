//! Tables: columns that leave in their order where room is short, and the rows that are seen.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::Pen;
use crate::app::filter::found;
use crate::app::pointer::ListedRows;
use crate::app::search::Search;
use crate::app::sorting::Arrangement;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::fit::{cut, put, put_right, width};
use crate::tui::theme::Role;

/// 栏. A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header.
    pub title: &'static str,
    /// Cells.
    pub width: u16,
    /// Numbers stand at the right.
    pub right: bool,
    /// Takes what is left, up to this many cells more.
    pub grow: u16,
    /// Order of leaving where room is short, the highest first; 0 stays.
    pub leaves: u8,
}

/// A column of text.
#[must_use]
pub const fn text(title: &'static str, width: u16, leaves: u8) -> Column {
    Column { title, width, right: false, grow: 0, leaves }
}

/// A column of numbers.
#[must_use]
pub const fn number(title: &'static str, width: u16, leaves: u8) -> Column {
    Column { title, width, right: true, grow: 0, leaves }
}

/// A column of names, which takes what is left.
#[must_use]
pub const fn name(title: &'static str, width: u16, grow: u16) -> Column {
    Column { title, width, right: false, grow, leaves: 0 }
}

/// Offset and width of each column that stays.
pub(super) fn fitted(columns: &[Column], room: u16) -> Vec<Option<(u16, u16)>> {
    let mut stays = vec![true; columns.len()];
    let total = |stays: &[bool]| -> u16 {
        columns.iter().zip(stays).filter(|(_, s)| **s).map(|(c, _)| c.width + 1).sum::<u16>().saturating_sub(1)
    };
    while total(&stays) > room {
        let next =
            (0..columns.len()).filter(|i| stays[*i] && columns[*i].leaves > 0).max_by_key(|i| columns[*i].leaves);
        match next {
            Some(i) => stays[i] = false,
            None => break,
        }
    }
    let mut spare = room.saturating_sub(total(&stays));
    let mut x = 0;
    columns
        .iter()
        .zip(&stays)
        .map(|(c, stay)| {
            stay.then(|| {
                let more = c.grow.min(spare);
                spare -= more;
                let at = (x, (c.width + more).min(room.saturating_sub(x)));
                x += c.width + more + 1;
                at
            })
        })
        .collect()
}

/// One cell of a row.
pub type Shown = (String, Role);

/// Which rows of a table are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Rows in all.
    pub len: usize,
    /// First row drawn.
    pub top: usize,
    /// The row under the cursor.
    pub selected: Option<usize>,
    /// The focus is here: the row is drawn reversed.
    pub focused: bool,
}

/// A table: header and visible rows; only those are asked for.
pub fn table(pen: &mut Pen<'_>, area: Rect, columns: &[Column], window: Window, row: impl Fn(usize) -> Vec<Shown>) {
    if area.height == 0 || area.width < 4 {
        return;
    }
    let at = fitted(columns, area.width);
    pen.put(area.x, area.y, area.width, "", Role::Header);
    for (c, place) in columns.iter().zip(&at) {
        if let Some((x, room)) = place {
            if c.right {
                pen.right(area.x + x, area.y, *room, c.title, Role::Header);
            } else {
                pen.put(area.x + x, area.y, *room, c.title, Role::Header);
            }
        }
    }
    table_rows(pen, Rect { y: area.y + 1, height: area.height - 1, ..area }, columns, window, row);
}

/// The rows of a table, without its header.
pub fn table_rows(
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &[Column],
    window: Window,
    row: impl Fn(usize) -> Vec<Shown>,
) {
    let at = fitted(columns, area.width);
    let lines = window.top..window.len.min(window.top + usize::from(area.height));
    for (y, i) in (area.y..).zip(lines) {
        let selected = window.focused && window.selected == Some(i);
        // Every other row is shaded where the terminal has a shade for it.
        let shade = if i % 2 == 1 { pen.theme.style(Role::Zebra) } else { Style::new() };
        let style =
            |pen: &Pen<'_>, role| if selected { pen.theme.selected(role) } else { shade.patch(pen.theme.style(role)) };
        let base = style(pen, Role::Text);
        put(pen.buf, area.x, y, area.width, "", base);
        if selected {
            pen.rest = Some(Position { x: area.x, y });
            let rows = area.height - 1;
            pen.list = Some(ListedRows { x: area.x, y: area.y + 1, width: area.width, rows, selected: y });
        }
        for ((c, place), (text, role)) in columns.iter().zip(&at).zip(row(i)) {
            if let Some((x, room)) = place {
                let style = style(pen, role);
                if c.right {
                    put_right(pen.buf, area.x + x, y, *room, &text, style);
                } else {
                    put(pen.buf, area.x + x, y, *room, &text, style);
                    let shown = cut(&text, *room);
                    let matched = found(&shown, pen.found.iter().map(String::as_str));
                    pen.underline(area.x + x, y, &shown, matched);
                }
            }
        }
        if window.selected == Some(i) && columns.first().is_some_and(|c| c.width == 1) {
            put(pen.buf, area.x, y, 1, pen.theme.glyphs().cursor, base);
        }
    }
}

/// Whether the whole filter stands on row 1.
pub(super) fn filter_fits(from: u16, area: Rect, search: &Search) -> bool {
    width(search.text()) + 4 <= area.right().saturating_sub(1 + from)
}

/// What a table is searched for, how it is sorted and how many columns are left out, at the right end of row 1 behind
/// `from`; answers where it begins. The search stays where room is short.
pub fn search_chip(pen: &mut Pen<'_>, from: u16, area: Rect, search: &Search, arrangement: &Arrangement) -> u16 {
    let lang = pen.lang;
    let filter = if search.text().is_empty() { String::new() } else { format!("[/ {}]", search.text()) };
    let out = match arrangement.left_out() {
        0 => String::new(),
        n => Text::ColumnsLeftOut.fill(lang, &[&n]),
    };
    let end = area.right().saturating_sub(1);
    let room = end.saturating_sub(from);
    let filter = cut(&filter, room).into_owned();
    // What nobody sorted is told by its first column.
    let most = if arrangement.is_usual() { 1 } else { usize::MAX };
    let mut parts = vec![out, arrangement.words(lang, most)];
    let total = |parts: &[String]| {
        let all = parts.iter().chain([&filter]).filter(|p| !p.is_empty()).map(|p| width(p) + 2);
        all.sum::<u16>().saturating_sub(2)
    };
    if total(&parts) > room {
        parts[1] = arrangement.words(lang, 1);
    }
    while total(&parts) > room && !parts.is_empty() {
        parts.remove(0);
    }
    let start = end.saturating_sub(total(&parts));
    let mut x = start;
    let role = if search.filter().unreadable().next().is_some() { Role::Invalid } else { Role::Title };
    for (part, role) in std::iter::once((&filter, role)).chain(parts.iter().map(|p| (p, Role::Text))) {
        if !part.is_empty() {
            x = pen.put(x, area.y, width(part), part, role) + 2;
        }
    }
    start
}

/// How many of how many rows are listed, where anything narrows the list; behind it the filter, if row 1 has no room for
/// it in full.
pub(super) fn narrowed(
    lang: Lang,
    search: &Search,
    chip: bool,
    listed: usize,
    all: usize,
    room_on_top: bool,
) -> String {
    if search.text().is_empty() && !chip {
        return String::new();
    }
    let count = Text::NarrowedTo.fill(lang, &[&listed, &all]);
    if search.text().is_empty() || room_on_top { count } else { format!("{count} / {}", search.text()) }
}

/// A round that is not for this person: why, below its name, and which key leads to one that may be.
pub(super) fn not_for_you(pen: &mut Pen<'_>, area: Rect) {
    for (y, text) in (area.y + 2..area.bottom()).zip([Text::NotForYou, Text::OtherRounds]) {
        pen.put(area.x + 1, y, area.width.saturating_sub(2), pen.say(text), Role::Dim);
    }
}

/// Which lines of a panel are seen, in its lower border, where there are more.
pub(super) fn lines_seen(pen: &mut Pen<'_>, panel: Rect, top: usize, height: u16, lines: usize) {
    let seen = (top + usize::from(height)).min(lines);
    if top == 0 && seen == lines {
        return;
    }
    let text = format!(" {} ", Text::LinesOf.fill(pen.lang, &[&(top + 1), &seen, &lines]));
    let room = width(&text).min(panel.width.saturating_sub(4));
    pen.put(panel.right().saturating_sub(room + 2), panel.bottom().saturating_sub(1), room, &text, Role::Dim);
}

/// How many rows are picked, at the right end of a table's last line; answers the columns that it takes there.
pub(super) fn picked_count(pen: &mut Pen<'_>, area: Rect, picked: usize) -> u16 {
    if picked == 0 {
        return 0;
    }
    let text = Text::PickedRows.fill(pen.lang, &[&picked]);
    let room = width(&text).min(area.width.saturating_sub(1));
    pen.put(area.right().saturating_sub(room + 1), area.bottom().saturating_sub(1), room, &text, Role::Title);
    room + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_leave_in_their_order_and_the_name_takes_the_rest() {
        let columns = [text("", 1, 0), name("项目", 10, 20), number("滞后", 6, 2), text("镇", 6, 1)];
        assert_eq!(fitted(&columns, 40), [Some((0, 1)), Some((2, 24)), Some((27, 6)), Some((34, 6))]);
        assert_eq!(fitted(&columns, 20), [Some((0, 1)), Some((2, 11)), None, Some((14, 6))]);
        assert_eq!(fitted(&columns, 12), [Some((0, 1)), Some((2, 10)), None, None]);
        assert_eq!(fitted(&columns, 6), [Some((0, 1)), Some((2, 4)), None, None]);
    }
}
