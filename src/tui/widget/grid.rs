//! The virtual grid: a table of any number of rows that touches only those it shows.
//!
//! ratatui's own table builds every row for every frame. Here the caller is asked for the cells of visible rows and
//! visible columns, and for nothing else. Columns start at fixed places; when there is no room they leave in their
//! declared order, the rest scrolls sideways behind the frozen ones.

use crate::tui::fit;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::borrow::Cow;

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left: words.
    #[default]
    Left,
    /// At the right: numbers.
    Right,
    /// In the middle.
    Centre,
    /// At the left, and cut in the middle so that the number at its end stays: `市政及..027`.
    Name,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its header, in the language of the screen.
    pub header: Cow<'a, str>,
    /// Its cells.
    pub width: u16,
    /// Where its text stands.
    pub align: Align,
    /// 0: never leaves. Otherwise it leaves when there is no room, 1 first.
    pub leaves: u8,
    /// Stays at the left when the others scroll.
    pub frozen: bool,
    /// Takes the room that is left over, up to this width in all.
    pub grows: u16,
}

impl<'a> Column<'a> {
    /// A column of words that never leaves.
    pub fn new(header: impl Into<Cow<'a, str>>, width: u16) -> Self {
        Self { header: header.into(), width, align: Align::Left, leaves: 0, frozen: false, grows: 0 }
    }

    /// Text at the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    /// Text in the middle.
    #[must_use]
    pub fn centre(self) -> Self {
        Self { align: Align::Centre, ..self }
    }

    /// A name with a number at its end.
    #[must_use]
    pub fn name(self) -> Self {
        Self { align: Align::Name, ..self }
    }

    /// Leaves when there is no room; 1 first.
    #[must_use]
    pub fn leaves(self, order: u8) -> Self {
        Self { leaves: order, ..self }
    }

    /// Stays at the left when the others scroll.
    #[must_use]
    pub fn frozen(self) -> Self {
        Self { frozen: true, ..self }
    }

    /// Takes what room is left over, up to that width.
    #[must_use]
    pub fn grows(self, width: u16) -> Self {
        Self { grows: width, ..self }
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// What it means.
    pub role: Role,
}

impl<'a> Cell<'a> {
    /// A cell of that role.
    pub fn new(text: impl Into<Cow<'a, str>>, role: Role) -> Self {
        Self { text: text.into(), role }
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for Cell<'a> {
    fn from(text: T) -> Self {
        Self::new(text, Role::Text)
    }
}

/// How far the selection reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing is selected.
    None,
    /// The whole row.
    #[default]
    Row,
    /// One cell.
    Cell,
}

/// What the screen remembers of a grid between frames: only where it is scrolled to, and how high it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridState {
    /// The selected row.
    pub row: usize,
    /// The selected column, by its place among the declared ones.
    pub column: usize,
    /// The first row shown.
    pub top: usize,
    /// The first column shown behind the frozen ones, by its place among those that can scroll.
    pub left: usize,
    /// Rows of a page, as of the last frame.
    pub page: usize,
}

impl GridState {
    /// Scrolls as little as is needed to show the selected row.
    fn follow(&mut self, rows: usize, page: usize) {
        self.page = page;
        self.row = self.row.min(rows.saturating_sub(1));
        if self.row < self.top {
            self.top = self.row;
        } else if page > 0 && self.row >= self.top + page {
            self.top = self.row + 1 - page;
        }
        self.top = self.top.min(rows.saturating_sub(page));
    }
}

/// A grid.
#[derive(Clone, Copy, Debug)]
pub struct Grid<'a> {
    /// Its columns.
    pub columns: &'a [Column<'a>],
    /// How many rows there are.
    pub rows: usize,
    /// How far the selection reaches.
    pub selection: Selection,
    /// Blank cells between two columns.
    pub gap: u16,
    /// Draws the header line.
    pub header: bool,
    /// A cell at the left edge carries the cursor mark of the selected row.
    pub mark: bool,
}

/// Where things were drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The shown columns: place among the declared ones, first cell, width.
    pub columns: Vec<(usize, u16, u16)>,
    /// The selected cell: where the cursor waits.
    pub cursor: Option<Position>,
    /// The room of the selected cell, for an open field.
    pub field: Option<Rect>,
}

impl<'a> Grid<'a> {
    /// A grid with a header line, a cursor mark and whole rows selected.
    #[must_use]
    pub const fn new(columns: &'a [Column<'a>], rows: usize) -> Self {
        Self { columns, rows, selection: Selection::Row, gap: 1, header: true, mark: true }
    }

    /// Selects so far.
    #[must_use]
    pub const fn selection(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// Leaves so much between two columns.
    #[must_use]
    pub const fn gap(self, gap: u16) -> Self {
        Self { gap, ..self }
    }

    /// Without the header line.
    #[must_use]
    pub const fn without_header(self) -> Self {
        Self { header: false, ..self }
    }

    /// Without the cell for the cursor mark.
    #[must_use]
    pub const fn without_mark(self) -> Self {
        Self { mark: false, ..self }
    }

    /// Draws it. `cell` is asked for the cells of visible rows and columns only.
    pub fn render<'c>(
        &self,
        area: Rect,
        buf: &mut Buffer,
        state: &mut GridState,
        theme: &Theme,
        mut cell: impl FnMut(usize, usize) -> Cell<'c>,
    ) -> Drawn {
        let area = area.intersection(buf.area);
        let page = area.height.saturating_sub(u16::from(self.header));
        state.follow(self.rows, usize::from(page));
        let mut drawn = Drawn { columns: self.layout(area, state), ..Drawn::default() };
        let mut y = area.y;
        if self.header && area.height > 0 {
            self.line(area, y, buf, &drawn.columns, theme.style(Role::Header), |column| {
                (Cow::Borrowed(self.columns[column].header.as_ref()), theme.style(Role::Header))
            });
            y += 1;
        }
        for row in state.top.. {
            if y >= area.bottom() {
                break;
            }
            let plain = theme.style(Role::Text);
            if row >= self.rows {
                fit::put(buf, area.x, y, area.width, "", plain);
                y += 1;
                continue;
            }
            let here = row == state.row && self.selection != Selection::None;
            let whole = here && self.selection == Selection::Row;
            let base = if whole { theme.style(Role::Selection) } else { plain };
            self.line(area, y, buf, &drawn.columns, base, |column| {
                let cell = cell(row, column);
                let selected = whole || (here && column == state.column);
                (cell.text, if selected { theme.selected(cell.role) } else { theme.style(cell.role) })
            });
            if here {
                if self.mark && area.width > 0 {
                    fit::put(buf, area.x, y, 1, theme.glyphs().cursor, base);
                }
                let field = drawn.columns.iter().find(|(column, ..)| *column == state.column);
                drawn.field = field.map(|(_, x, width)| Rect::new(*x, y, *width, 1));
                let x = drawn.field.filter(|_| self.selection == Selection::Cell).map_or(area.x, |field| field.x);
                drawn.cursor = Some(Position::new(x, y));
            }
            y += 1;
        }
        drawn
    }

    fn line<'c>(
        &self,
        area: Rect,
        y: u16,
        buf: &mut Buffer,
        columns: &[(usize, u16, u16)],
        base: ratatui::style::Style,
        mut cell: impl FnMut(usize) -> (Cow<'c, str>, ratatui::style::Style),
    ) {
        fit::put(buf, area.x, y, area.width, "", base);
        for (column, x, width) in columns.iter().copied() {
            let (text, style) = cell(column);
            let text = match self.columns[column].align {
                Align::Left => text,
                Align::Right => fit::right(&text, width).into(),
                Align::Centre => fit::centre(&text, width).into(),
                Align::Name => fit::cut_centre(&text, width, fit::number_at_end(&text)).into_owned().into(),
            };
            fit::put(buf, x, y, width, &text, style);
        }
    }

    /// Which columns are shown, where, and how wide; scrolls sideways to the selected one.
    fn layout(&self, area: Rect, state: &mut GridState) -> Vec<(usize, u16, u16)> {
        let mark = u16::from(self.mark);
        let room = area.width.saturating_sub(mark);
        let mut kept: Vec<usize> = (0..self.columns.len()).collect();
        let total = |kept: &[usize]| -> u32 {
            let widths: u32 = kept.iter().map(|column| u32::from(self.columns[*column].width)).sum();
            widths + u32::from(self.gap) * u32::try_from(kept.len().saturating_sub(1)).unwrap_or(0)
        };
        while total(&kept) > u32::from(room) {
            // The selected column of a grid of cells stays: the cursor must not vanish.
            let stays = |column: &usize| self.selection == Selection::Cell && *column == state.column;
            let next = kept
                .iter()
                .filter(|column| self.columns[**column].leaves > 0 && !stays(column))
                .min_by_key(|column| (self.columns[**column].leaves, usize::MAX - **column))
                .copied();
            let Some(next) = next else { break };
            kept.retain(|column| *column != next);
        }
        let spare = u32::from(room).saturating_sub(total(&kept));
        let (frozen, moving): (Vec<usize>, Vec<usize>) =
            kept.iter().copied().partition(|column| self.columns[*column].frozen);
        if total(&kept) <= u32::from(room) {
            state.left = 0;
        }
        let fixed: u16 = frozen.iter().map(|column| self.columns[*column].width.saturating_add(self.gap)).sum();
        let rest = room.saturating_sub(fixed);
        if let Some(place) = moving.iter().position(|column| *column == state.column)
            && self.selection == Selection::Cell
        {
            state.left = state.left.min(place);
            let fits = |left: usize| {
                let shown = &moving[left..=place];
                total(shown) <= u32::from(rest)
            };
            while state.left < place && !fits(state.left) {
                state.left += 1;
            }
        }
        state.left = state.left.min(moving.len().saturating_sub(1));
        let mut spare = u16::try_from(spare).unwrap_or(u16::MAX);
        let mut at = area.x + mark;
        let end = area.x + area.width;
        let mut shown = Vec::with_capacity(kept.len());
        // Frozen columns come first while the others scroll; unscrolled, the declared order is kept.
        let order: Vec<usize> = if state.left == 0 && total(&kept) <= u32::from(room) {
            kept
        } else {
            frozen.into_iter().chain(moving.into_iter().skip(state.left)).collect()
        };
        for column in order {
            let declared = &self.columns[column];
            let more = declared.grows.saturating_sub(declared.width).min(spare);
            spare -= more;
            let width = declared.width + more;
            if at >= end {
                break;
            }
            let cut = width.min(end - at);
            // A number that is cut is a wrong number: rather none.
            if cut < width && declared.align == Align::Right && !shown.is_empty() {
                break;
            }
            shown.push((column, at, cut));
            at = at.saturating_add(width).saturating_add(self.gap);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Modifier;
    use std::cell::Cell as Count;

    fn columns() -> Vec<Column<'static>> {
        vec![
            Column::new("编号", 6).frozen(),
            Column::new("项目", 12).name().grows(20),
            Column::new("镇", 6).leaves(1),
            Column::new("完成率", 8).right(),
            Column::new("说明", 10).leaves(2),
        ]
    }

    fn text(buf: &Buffer, y: u16) -> String {
        fit::picture(buf).swap_remove(usize::from(y))
    }

    fn cell(row: usize, column: usize) -> Cell<'static> {
        match column {
            0 => format!("SZ-{row:03}").into(),
            1 => format!("市政及服务业项目{row:03}").into(),
            2 => "寇店镇".into(),
            3 => Cell::new(format!("{row}.00"), Role::Good),
            _ => "说明".into(),
        }
    }

    fn drawn(width: u16, height: u16, rows: usize, state: &mut GridState, selection: Selection) -> (Buffer, Drawn) {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let columns = columns();
        let grid = Grid::new(&columns, rows).selection(selection);
        let drawn = grid.render(buf.area, &mut buf, state, &Theme::default(), cell);
        (buf, drawn)
    }

    #[test]
    fn only_visible_cells_are_asked_for() {
        let columns = columns();
        let asked = Count::new(0);
        for rows in [10, 1_000_000] {
            asked.set(0);
            let mut buf = Buffer::empty(Rect::new(0, 0, 60, 11));
            let mut state = GridState { row: rows / 2, ..GridState::default() };
            Grid::new(&columns, rows).render(buf.area, &mut buf, &mut state, &Theme::default(), |row, column| {
                asked.set(asked.get() + 1);
                cell(row, column)
            });
            assert_eq!(asked.get(), 10 * 5, "{rows} rows");
        }
    }

    #[test]
    fn columns_stand_at_fixed_places_and_numbers_at_the_right() {
        let mut state = GridState { row: 1, ..GridState::default() };
        let (buf, drawn) = drawn(47, 4, 3, &mut state, Selection::Row);
        assert_eq!(text(&buf, 0), " 编号   项目         镇       完成率 说明      ");
        assert_eq!(text(&buf, 1), " SZ-000 市政及..000  寇店镇     0.00 说明      ");
        assert_eq!(text(&buf, 2), ">SZ-001 市政及..001  寇店镇     1.00 说明      ");
        assert_eq!(drawn.cursor, Some(Position::new(0, 2)));
        assert!(buf[(20, 2)].modifier.contains(Modifier::REVERSED));
        assert!(!buf[(20, 1)].modifier.contains(Modifier::REVERSED));
        assert!(buf[(20, 0)].modifier.contains(Modifier::UNDERLINED));
    }

    #[test]
    fn columns_leave_in_their_order_and_one_grows() {
        let shown = |width| {
            let (_, drawn) = drawn(width, 4, 3, &mut GridState::default(), Selection::Row);
            drawn.columns.iter().map(|(column, _, width)| (*column, *width)).collect::<Vec<_>>()
        };
        assert_eq!(shown(47), [(0, 6), (1, 12), (2, 6), (3, 8), (4, 10)]);
        assert_eq!(shown(46), [(0, 6), (1, 18), (3, 8), (4, 10)]);
        assert_eq!(shown(39), [(0, 6), (1, 20), (3, 8)]);
        assert_eq!(shown(29), [(0, 6), (1, 12), (3, 8)]);
    }

    #[test]
    fn the_rows_follow_the_selection_as_little_as_needed() {
        let mut state = GridState::default();
        for (row, top) in [(0, 0), (4, 0), (5, 1), (6, 2), (4, 2), (1, 1), (99, 95), (1000, 95)] {
            state.row = row;
            drawn(60, 6, 100, &mut state, Selection::Row);
            assert_eq!((state.top, state.page), (top, 5), "row {row}");
        }
        drawn(60, 6, 3, &mut state, Selection::Row);
        assert_eq!((state.row, state.top), (2, 0), "the list became shorter");
    }

    #[test]
    fn a_grid_of_cells_scrolls_sideways_behind_the_frozen_columns() {
        let columns: Vec<_> = std::iter::once(Column::new("编号", 6).frozen())
            .chain((1..20).map(|n| Column::new(format!("评委{n}"), 8).right()))
            .collect();
        let mut state = GridState::default();
        let mut shown = |column| {
            state.column = column;
            let mut buf = Buffer::empty(Rect::new(0, 0, 36, 4));
            let grid = Grid::new(&columns, 3).selection(Selection::Cell);
            let drawn =
                grid.render(buf.area, &mut buf, &mut state, &Theme::default(), |_, column| column.to_string().into());
            let field = drawn.field.unwrap();
            assert!(buf[(field.x, field.y)].modifier.contains(Modifier::REVERSED));
            assert!(field.right() <= 36);
            drawn.columns.iter().map(|(column, ..)| *column).collect::<Vec<_>>()
        };
        assert_eq!(shown(1), [0, 1, 2, 3]);
        assert_eq!(shown(3), [0, 1, 2, 3]);
        assert_eq!(shown(4), [0, 2, 3, 4]);
        assert_eq!(shown(19), [0, 17, 18, 19]);
        assert_eq!(shown(17), [0, 17, 18, 19]);
        assert_eq!(shown(2), [0, 2, 3, 4]);
    }

    #[test]
    fn it_stands_any_size() {
        for width in 0..50 {
            for height in 0..5 {
                for rows in [0, 1, 7] {
                    let mut state = GridState { row: 6, column: 3, ..GridState::default() };
                    drawn(width, height, rows, &mut state, Selection::Cell);
                }
            }
        }
    }
}
