//! 选区. A rectangle of cells between the cell where it was begun and the cursor, and what is done to it at once.

use super::{CLEARED, Grid, Named, Sheet, Want};
use crate::app::action::Action;
use crate::app::screen::{Message, Wish};
use crate::domain::border::quoted;
use crate::text::Text;

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Begins a range at the cursor, unless one is under way.
    pub fn begin_range(&mut self) {
        self.anchor = self.anchor.or_else(|| self.cell());
    }

    /// 取消选区
    pub fn end_range(&mut self) {
        self.anchor = None;
    }

    /// Whether a range is being selected.
    #[must_use]
    pub fn has_range(&self) -> bool {
        self.anchor.is_some()
    }

    /// Whether a cell is in the range.
    #[must_use]
    pub fn in_range(&self, (row, column): (R, C)) -> bool {
        let (rows, columns) = self.block();
        self.has_range() && rows.contains(&row) && columns.contains(&column)
    }

    /// Shift with an arrow: begins a range and extends it.
    pub(super) fn extend(&mut self, action: Action) -> Vec<Wish> {
        self.begin_range();
        self.step(match action {
            Action::ExtendUp => super::Go::Up,
            Action::ExtendLeft => super::Go::Left,
            Action::ExtendRight => super::Go::Right,
            _ => super::Go::Down,
        });
        Vec::new()
    }

    /// Rows and columns of the range; those of the cursor alone where there is none.
    #[must_use]
    pub fn block(&self) -> (&[R], &[C]) {
        let (row, column) = (self.row.place(), self.column.place());
        let corner = self.anchor.and_then(|(r, c)| {
            Some((self.rows.iter().position(|x| *x == r)?, self.columns.iter().position(|x| *x == c)?))
        });
        let (r, c) = corner.unwrap_or((row, column));
        let rows = self.rows.get(row.min(r)..=row.max(r)).unwrap_or_default();
        let columns = self.columns.get(column.min(c)..=column.max(c)).unwrap_or_default();
        (rows, columns)
    }

    /// The cells of the range, row by row; the cell under the cursor where there is none.
    #[must_use]
    pub fn selected(&self) -> Vec<(R, C)> {
        let (rows, columns) = self.block();
        rows.iter().flat_map(|r| columns.iter().map(move |c| (*r, *c))).collect()
    }

    /// Every cell of the rows of the range, or of the row of the cursor.
    #[must_use]
    pub fn whole_rows(&self) -> Vec<(R, C)> {
        let (rows, _) = self.block();
        rows.iter().flat_map(|r| self.columns.iter().map(move |c| (*r, *c))).collect()
    }

    /// The same text for these cells: all of them in one operation, or none.
    pub fn type_into(&mut self, cells: &[(R, C)], text: &str, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let want = |cell: &(R, C)| Want { cell: *cell, typed: text.to_owned(), seen: self.seen(*cell, sheet) };
        let mut wants: Vec<Want<(R, C)>> = cells.iter().map(want).collect();
        if wants.len() == 1
            && let Some(want) = wants.pop()
        {
            return self.enter(want, None, self.enter, sheet);
        }
        self.enter_all(wants, None, sheet)
    }

    /// The value of a cell as far as this session knows.
    fn value(&self, cell: (R, C), sheet: &impl Sheet<R, C>) -> String {
        self.on_its_way(cell).map_or_else(|| sheet.text(cell), str::to_owned)
    }

    /// 向下填充, or to the right: the first row (column) of the range goes into the others; without a range the cell
    /// above (at the left) into this one.
    pub(super) fn fill(&mut self, down: bool, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        if !self.has_range() {
            let here = self.cell();
            self.begin_range();
            self.step(if down { super::Go::Up } else { super::Go::Left });
            if self.cell() == here {
                self.end_range();
                return vec![Wish::Say(Message::plain(Text::NothingToFill.both(&[])))];
            }
            let wishes = self.fill(down, sheet);
            self.end_range();
            if let Some(cell) = here {
                self.point(cell);
            }
            return wishes;
        }
        let (rows, columns) = self.block();
        let first = |cell: (R, C)| if down { (rows[0], cell.1) } else { (cell.0, columns[0]) };
        let cells = self.selected().into_iter().filter(|cell| first(*cell) != *cell);
        let mut wants = Vec::new();
        for cell in cells {
            if let Err(why) = sheet.may(cell) {
                return vec![Wish::Say(Message::loud(why))];
            }
            let typed = self.value(first(cell), sheet);
            if typed != CLEARED {
                wants.push(Want { cell, typed, seen: self.seen(cell, sheet) });
            }
        }
        if wants.is_empty() {
            return vec![Wish::Say(Message::plain(Text::NothingToFill.both(&[])))];
        }
        self.enter_all(wants, None, sheet)
    }

    /// 采用推算: of the cell, then down; of a range all of it as one operation.
    pub(super) fn adopt(&mut self, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let mut wants = Vec::new();
        for cell in self.selected() {
            if let Err(why) = sheet.may(cell) {
                return vec![Wish::Say(Message::loud(why))];
            }
            if let Some(typed) = sheet.derived(cell) {
                wants.push(Want { cell, typed, seen: self.seen(cell, sheet) });
            }
        }
        if !self.has_range()
            && let Some(want) = wants.pop()
        {
            return self.enter(want, None, super::Go::Down, sheet);
        }
        if wants.is_empty() {
            return vec![Wish::Say(Message::plain(Text::NothingToAdopt.both(&[])))];
        }
        self.enter_all(wants, None, sheet)
    }

    /// 复制: the cell or the range, as a spreadsheet takes it.
    pub(super) fn copy(&mut self, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let (rows, columns) = self.block();
        let line = |r: &R| columns.iter().map(|c| blank(self.value((*r, *c), sheet))).collect::<Vec<_>>().join("\t");
        let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
        let counts = (rows.len(), rows.len() * columns.len());
        self.sent_away(text, counts)
    }

    /// 复制整表: all of it, with headers, ids and names.
    pub fn copy_table(&mut self, sheet: &impl Named<R, C>) -> Vec<Wish> {
        let mut header = sheet.headers();
        header.extend(self.columns.iter().map(|c| sheet.column_name(*c)));
        let mut lines = vec![header];
        for row in &self.rows {
            // A name is typed by people: a spreadsheet calculates with none.
            let mut line = vec![quoted(&sheet.row_id(*row)), quoted(&sheet.row_name(*row))];
            line.extend(self.columns.iter().map(|c| blank(self.value((*row, *c), sheet))));
            lines.push(line);
        }
        let text = lines.iter().map(|l| l.join("\t")).collect::<Vec<_>>().join("\n");
        let counts = (self.rows.len(), self.rows.len() * self.columns.len());
        self.sent_away(text, counts)
    }

    /// What was copied last is not pasted any more.
    pub fn forget_copy(&mut self) {
        self.clipboard.clear();
    }

    fn sent_away(&mut self, text: String, (rows, cells): (usize, usize)) -> Vec<Wish> {
        self.clipboard.clone_from(&text);
        vec![Wish::CopyCells { text, said: Text::CopySent.both(&[&rows, &cells]) }]
    }
}

fn blank(value: String) -> String {
    if value == CLEARED { String::new() } else { value }
}
