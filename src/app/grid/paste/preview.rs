//! What every pasted cell would change, before anything is written.

use super::reading::{Shape, alignment, block, number};
use super::{Found, Named};
use crate::app::cursor::Cursor;
use crate::app::grid::{CLEARED, Grid, Sheet, Verdict, Want};
use crate::domain::value::Bilingual;
use crate::text::Text;

/// Most candidates that a name is offered.
const CANDIDATES: usize = 9;

/// 对齐. How pasted rows find theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// By the id or name in the first column.
    Name,
    /// In their order, from the cursor on.
    Position,
}

/// The row that a pasted line is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target<R> {
    /// This one.
    Row(R),
    /// Somebody must say which; the place is the one that is offered.
    Choose(Vec<R>, usize),
    /// This one, but another line is for it already.
    Twice(R),
    /// There is none.
    None,
}

/// What a pasted cell would do.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is so already, or the cell is empty.
    Same,
    /// It would be saved.
    Write,
    /// It would be saved once it is said why; the text asks for it.
    Reason(Text),
    /// It breaks a rule.
    Wrong(Bilingual),
}

/// A pasted cell and what it would change.
#[derive(Clone, Debug)]
pub struct Change<R, C> {
    /// What would be typed, and where.
    pub want: Want<(R, C)>,
    /// The value now, as shown.
    pub before: String,
    /// What it would do.
    pub outcome: Outcome,
}

/// A pasted line.
#[derive(Clone, Debug)]
pub struct Line<R, C> {
    /// What its first column says, or its number.
    pub label: String,
    /// Its row.
    pub target: Target<R>,
    /// What it says, by column.
    texts: Vec<(C, String)>,
    /// Its cells that say something.
    pub changes: Vec<Change<R, C>>,
    /// Left out by a decision.
    pub excluded: bool,
}

impl<R: Copy, C> Line<R, C> {
    /// Its row, if it is known.
    #[must_use]
    pub fn row(&self) -> Option<R> {
        match self.target {
            Target::Row(row) => Some(row),
            Target::Choose(..) | Target::Twice(_) | Target::None => None,
        }
    }

    /// Why it cannot be written; none where it can, or is left out.
    #[must_use]
    pub fn wrong(&self) -> Option<Bilingual> {
        if self.excluded {
            return None;
        }
        match &self.target {
            Target::None => Some(Text::NoSuchRow.both(&[&self.label])),
            Target::Twice(_) => Some(Text::RowTwice.both(&[&self.label])),
            Target::Choose(..) => None,
            Target::Row(_) => self.changes.iter().find_map(|c| match &c.outcome {
                Outcome::Wrong(why) => Some(why.clone()),
                _ => None,
            }),
        }
    }

    /// Whether somebody must still say which row it is for.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.excluded && matches!(self.target, Target::Choose(..))
    }
}

/// How much a preview would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Cells that can be written.
    pub writes: usize,
    /// Of these, those that need a reason.
    pub reasons: usize,
    /// Cells that are so already.
    pub same: usize,
    /// Lines that are wrong.
    pub wrong: usize,
    /// Lines whose row must be chosen.
    pub waiting: usize,
    /// Lines left out.
    pub excluded: usize,
}

/// 粘贴预览
#[derive(Clone, Debug)]
pub struct Preview<R, C> {
    table: Vec<Vec<String>>,
    /// Where the paste began: the cursor of that moment.
    begin: (R, C),
    /// How lines find their rows.
    pub align: Align,
    /// The columns that are written, in the order of the paste.
    pub columns: Vec<C>,
    /// So many columns at the left were taken for names: they are not written.
    pub names: usize,
    /// Columns that are pasted and belong to no column of the grid, by header or number: they are not written.
    pub unknown: Vec<String>,
    /// The lines.
    pub lines: Vec<Line<R, C>>,
    /// The line of the cursor, by its place in [`Preview::shown`].
    pub cursor: Cursor<usize>,
    /// Only lines that are wrong or wait are shown.
    pub errors_only: bool,
    /// What the store said to the last attempt.
    pub refused: Option<Bilingual>,
}

impl<R: Copy + Ord, C: Copy + Ord> Preview<R, C> {
    /// A preview of a block, if there is anything in it.
    #[must_use]
    pub fn new(text: &str, grid: &Grid<R, C>, sheet: &impl Named<R, C>) -> Option<Self> {
        let (table, begin) = (block(text), grid.cell()?);
        let align = alignment(&table, grid, sheet);
        let mut preview = Self {
            table,
            begin,
            align,
            columns: Vec::new(),
            names: 0,
            unknown: Vec::new(),
            lines: Vec::new(),
            cursor: Cursor::default(),
            errors_only: false,
            refused: None,
        };
        preview.realign(align, grid, sheet);
        (!preview.lines.is_empty()).then_some(preview)
    }

    /// Looks at the block anew, rows by name or by position.
    pub fn realign(&mut self, align: Align, grid: &Grid<R, C>, sheet: &impl Named<R, C>) {
        self.align = align;
        let shape = Shape::of(&self.table, self.begin.1, align, grid, sheet);
        self.columns = shape.places.iter().map(|(_, c)| *c).collect();
        self.names = shape.names;
        self.unknown.clone_from(&shape.unknown);
        let first = grid.rows.iter().position(|r| *r == self.begin.0).unwrap_or(0);
        let lines = shape.data.iter().filter(|l| l.iter().any(|c| !c.is_empty()));
        self.lines = lines
            .zip(first..)
            .map(|(cells, place)| {
                let name = cells.first().filter(|_| shape.names > 0).cloned().unwrap_or_default();
                let target = match align {
                    Align::Position => grid.rows.get(place).map_or(Target::None, |r| Target::Row(*r)),
                    Align::Name => found(sheet.find_row(&name, &grid.rows)),
                };
                let label = if name.is_empty() { (place + 1 - first).to_string() } else { name };
                let texts = shape.places.iter().filter_map(|(i, c)| Some((*c, number(cells.get(*i)?)))).collect();
                Line { label, target, texts, changes: Vec::new(), excluded: false }
            })
            .collect();
        self.settle(grid, sheet);
        self.cursor = Cursor::default();
        self.cursor.go(&self.shown(), 0);
    }

    /// Works out what every line would change; of two lines for one row the second is wrong.
    pub(in crate::app::grid) fn settle(&mut self, grid: &Grid<R, C>, sheet: &impl Sheet<R, C>) {
        let mut taken = Vec::new();
        for line in &mut self.lines {
            line.changes.clear();
            let Some(row) = line.row().filter(|_| !line.excluded) else { continue };
            if taken.contains(&row) {
                line.target = Target::Twice(row);
                continue;
            }
            taken.push(row);
            let texts = line.texts.iter().filter(|(_, text)| !text.is_empty() && text != CLEARED);
            line.changes = texts
                .map(|(column, typed)| {
                    let cell = (row, *column);
                    let want = Want { cell, typed: typed.clone(), seen: grid.seen(cell, sheet) };
                    let before = sheet.text(cell);
                    // What stands there already stays as it was judged when it was entered.
                    let outcome = match sheet.judge(&want, None) {
                        Verdict::Reason(_) if before == *typed => Outcome::Same,
                        Verdict::Unchanged => Outcome::Same,
                        Verdict::Write(_) => Outcome::Write,
                        Verdict::Reason(label) => Outcome::Reason(label),
                        Verdict::Refused(why) => Outcome::Wrong(why),
                    };
                    Change { want, before, outcome }
                })
                .collect();
        }
    }

    /// Places of the lines shown.
    #[must_use]
    pub fn shown(&self) -> Vec<usize> {
        let all = self.lines.iter().enumerate();
        all.filter(|(_, l)| !self.errors_only || l.wrong().is_some() || l.waits()).map(|(i, _)| i).collect()
    }

    /// How much it would do.
    #[must_use]
    pub fn sum(&self) -> Sum {
        let mut sum = Sum::default();
        for line in &self.lines {
            sum.excluded += usize::from(line.excluded);
            sum.wrong += usize::from(line.wrong().is_some());
            sum.waiting += usize::from(line.waits());
            for change in line.changes.iter().filter(|_| !line.excluded) {
                match change.outcome {
                    Outcome::Same => sum.same += 1,
                    Outcome::Write => sum.writes += 1,
                    Outcome::Reason(_) => (sum.writes, sum.reasons) = (sum.writes + 1, sum.reasons + 1),
                    Outcome::Wrong(_) => {}
                }
            }
        }
        sum
    }

    /// What would be written.
    #[must_use]
    pub fn wants(&self) -> Vec<Want<(R, C)>> {
        let lines = self.lines.iter().filter(|l| !l.excluded);
        let changes = lines.flat_map(|l| &l.changes);
        changes.filter(|c| matches!(c.outcome, Outcome::Write | Outcome::Reason(_))).map(|c| c.want.clone()).collect()
    }

    /// The line under the cursor.
    fn here(&mut self) -> Option<&mut Line<R, C>> {
        self.lines.get_mut(self.cursor.item()?)
    }

    /// Leaves the line under the cursor out, or takes it in again.
    pub(super) fn exclude(&mut self, grid: &Grid<R, C>, sheet: &impl Sheet<R, C>) {
        let Some(line) = self.here() else { return };
        line.excluded = !line.excluded;
        for line in &mut self.lines {
            if let Target::Twice(row) = line.target {
                line.target = Target::Row(row);
            }
        }
        self.settle(grid, sheet);
        self.cursor.refresh(&self.shown());
    }

    /// Offers another row for the line under the cursor.
    pub(super) fn offer(&mut self, forward: bool) {
        if let Some(Line { target: Target::Choose(rows, at), .. }) = self.here() {
            let n = rows.len();
            *at = if forward { (*at + 1) % n } else { (*at + n - 1) % n };
        }
    }

    /// Takes the row that is offered for the line under the cursor; false where none is.
    pub(super) fn take_offer(&mut self, grid: &Grid<R, C>, sheet: &impl Sheet<R, C>) -> bool {
        let Some(line) = self.here().filter(|l| l.waits()) else { return false };
        if let Target::Choose(rows, at) = &line.target {
            line.target = rows.get(*at).map_or(Target::None, |r| Target::Row(*r));
        }
        self.settle(grid, sheet);
        self.cursor.refresh(&self.shown());
        true
    }

    /// Shows only what is wrong or waits, or everything again.
    pub(super) fn errors(&mut self) {
        self.errors_only = !self.errors_only;
        self.cursor.refresh(&self.shown());
    }
}

fn found<R>(found: Found<R>) -> Target<R> {
    match found {
        Found::Exactly(row) => Target::Row(row),
        Found::Perhaps(rows) if rows.is_empty() => Target::None,
        Found::Perhaps(rows) => Target::Choose(rows.into_iter().take(CANDIDATES).collect(), 0),
    }
}
