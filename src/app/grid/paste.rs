//! 粘贴. From a block of text as a spreadsheet copies it to rows of cells, and to a preview of what each would change.
//!
//! Nothing is written from here: a preview is answered with [`super::Grid::enter_all`], all of it or nothing.

use super::{CLEARED, Grid, Sheet, Verdict, Want};
use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Message, Wish};
use crate::domain::value::Bilingual;
use crate::text::{Text, fold_char};

/// Largest paste, in bytes.
pub const LARGEST: usize = crate::domain::border::LARGEST_PASTE;
/// Most candidates that a name is offered.
const CANDIDATES: usize = 9;

/// 带名字的表. What a sheet must know to be copied out of and pasted into.
pub trait Named<R, C>: Sheet<R, C> {
    /// The id of a row.
    fn row_id(&self, row: R) -> String;
    /// The name of a row.
    fn row_name(&self, row: R) -> String;
    /// The name of a column, as its header shows it.
    fn column_name(&self, column: C) -> String;
    /// The headers of id and name.
    fn headers(&self) -> Vec<String>;
    /// Rows that a text means: one if it is an id or a name, else those that it may mean.
    fn find_row(&self, text: &str, among: &[R]) -> Found<R>;
    /// The column that a header means.
    fn find_column(&self, text: &str) -> Option<C>;
}

/// What a text in the first column means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<R> {
    /// An id or a whole name.
    Exactly(R),
    /// It may mean these.
    Perhaps(Vec<R>),
}

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
    quoted.map_or_else(|| clean.to_owned(), |c| c.replace("\"\"", "\""))
}

/// A cell as it would be typed: `1,234.5` without its commas, `95%` without its sign.
fn number(text: &str) -> String {
    let bare = text.strip_suffix('%').unwrap_or(text).replace(',', "");
    if !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+')) {
        bare
    } else {
        text.to_owned()
    }
}

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
    /// It would be saved once it is said why.
    Reason,
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
        let first = || table.iter().filter_map(|line| line.first()).filter(|c| !c.is_empty());
        // Wherever the first column is words, they are names: rows are never guessed from their order then.
        let named = first().filter(|c| is_word(c)).count();
        let align = if named * 2 > first().count() { Align::Name } else { Align::Position };
        let mut preview = Self {
            table,
            begin,
            align,
            columns: Vec::new(),
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
        let first = grid.rows.iter().position(|r| *r == self.begin.0).unwrap_or(0);
        let lines = shape.data.iter().filter(|l| l.iter().any(|c| !c.is_empty()));
        self.lines = lines
            .zip(first..)
            .map(|(cells, place)| {
                let name = cells.first().filter(|_| shape.named).cloned().unwrap_or_default();
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
    pub(super) fn settle(&mut self, grid: &Grid<R, C>, sheet: &impl Sheet<R, C>) {
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
                        Verdict::Reason(_) => Outcome::Reason,
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
                    Outcome::Reason => (sum.writes, sum.reasons) = (sum.writes + 1, sum.reasons + 1),
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
        changes.filter(|c| matches!(c.outcome, Outcome::Write | Outcome::Reason)).map(|c| c.want.clone()).collect()
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

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// 粘贴: opens a preview of what was pasted; nothing is written yet.
    pub fn paste(&mut self, text: &str, sheet: &impl Named<R, C>) -> Vec<Wish> {
        let say = |text: Text| vec![Wish::Say(Message::loud(text.both(&[])))];
        if text.len() > LARGEST {
            return say(Text::PasteTooLarge);
        }
        let Some(cell) = self.cell() else { return say(Text::PasteEmpty) };
        if let Err(why) = sheet.may(cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        if self.editor.as_ref().is_some_and(|e| !e.field.text().is_empty()) {
            return say(Text::PasteInCell);
        }
        self.editor = None;
        self.menu = None;
        self.preview = Preview::new(text, self, sheet);
        if self.preview.is_none() { say(Text::PasteEmpty) } else { Vec::new() }
    }

    /// What came from the terminal: a table opens the preview, a single text goes into the open field.
    pub fn pasted(&mut self, text: &str, sheet: Option<&impl Named<R, C>>) -> Vec<Wish> {
        let table = text.trim_end().contains(['\n', '\r', '\t']);
        let free = self.prompt.is_none();
        match (sheet.filter(|_| free), self.field()) {
            (_, Some(field)) if !table => {
                field.paste(text);
                Vec::new()
            }
            (Some(sheet), _) => self.paste(text, sheet),
            (None, _) => vec![Wish::Say(Message::plain(Text::PasteNeedsField.both(&[])))],
        }
    }

    /// The last copy is pasted.
    pub(super) fn paste_again(&mut self, sheet: &impl Named<R, C>) -> Vec<Wish> {
        if self.clipboard.is_empty() {
            return vec![Wish::Say(Message::plain(Text::NothingCopied.both(&[])))];
        }
        let text = self.clipboard.clone();
        self.paste(&text, sheet)
    }

    pub(super) fn answer_preview(
        &mut self,
        mut preview: Preview<R, C>,
        action: Action,
        sheet: &impl Named<R, C>,
    ) -> Vec<Wish> {
        let places = preview.shown();
        match action {
            Action::Abandon => return vec![Wish::Say(Message::plain(Text::PasteDropped.both(&[])))],
            Action::WriteAll if preview.take_offer(self, sheet) => {}
            Action::WriteAll => return self.write(preview, None, sheet),
            Action::Exclude => preview.exclude(self, sheet),
            Action::ErrorsOnly => preview.errors(),
            Action::OfferPrev | Action::OfferNext => preview.offer(action == Action::OfferNext),
            Action::Align => {
                let other = if preview.align == Align::Name { Align::Position } else { Align::Name };
                preview.realign(other, self, sheet);
            }
            Action::ItemPrev => preview.cursor.step(&places, -1),
            Action::ItemNext => preview.cursor.step(&places, 1),
            action => {
                preview.cursor.take(action, &places);
            }
        }
        self.preview = Some(preview);
        Vec::new()
    }

    /// All of a preview in one operation, or nothing: refused while a line is wrong or waits.
    pub(super) fn write(
        &mut self,
        preview: Preview<R, C>,
        reason: Option<&str>,
        sheet: &impl Sheet<R, C>,
    ) -> Vec<Wish> {
        let sum = preview.sum();
        if sum.wrong + sum.waiting > 0 {
            self.preview = Some(preview);
            return vec![Wish::Say(Message::loud(Text::PasteNotYet.both(&[&sum.wrong, &sum.waiting])))];
        }
        let wishes = self.enter_all(preview.wants(), reason, sheet);
        match self.outbox.back_mut().filter(|_| wishes.iter().any(|w| matches!(w, Wish::Save { .. }))) {
            Some(pending) => {
                pending.paste = true;
                self.written = Some(preview);
            }
            // The reason is asked for, over the preview.
            None if self.prompt.is_some() => self.preview = Some(preview),
            None => {}
        }
        wishes
    }
}

/// Where the names, headers and figures of a block stand.
struct Shape<'t, C> {
    data: &'t [Vec<String>],
    /// The first column says what a line is.
    named: bool,
    /// Columns of the block, and the columns of the grid that they are for.
    places: Vec<(usize, C)>,
}

impl<'t, C: Copy + Ord> Shape<'t, C> {
    fn of<R: Copy + Ord>(
        table: &'t [Vec<String>],
        from: C,
        align: Align,
        grid: &Grid<R, C>,
        sheet: &impl Named<R, C>,
    ) -> Self {
        let headers: Vec<Option<C>> =
            table.first().map(|line| line.iter().map(|c| sheet.find_column(c)).collect()).unwrap_or_default();
        let headed = headers.iter().any(Option::is_some);
        let data = &table[usize::from(headed)..];
        let width = data.iter().map(Vec::len).max().unwrap_or(0);
        // Columns of words before the first column of figures are ids and names.
        let words = (0..width).take_while(|i| data.iter().any(|l| l.get(*i).is_some_and(|c| is_word(c)))).count();
        let words = if words == width || words == 0 { usize::from(align == Align::Name) } else { words };
        let places = if headed {
            headers.iter().enumerate().filter_map(|(i, c)| Some((i, (*c)?))).collect()
        } else {
            // As wide as the grid: all of it. Narrower: from the cursor on.
            let whole = width.saturating_sub(words) >= grid.columns.len();
            let from = grid.columns.iter().position(|c| *c == from).filter(|_| !whole).unwrap_or(0);
            (words..width).zip(grid.columns[from..].iter().copied()).collect()
        };
        Self { data, named: words > 0, places }
    }
}

fn found<R>(found: Found<R>) -> Target<R> {
    match found {
        Found::Exactly(row) => Target::Row(row),
        Found::Perhaps(rows) if rows.is_empty() => Target::None,
        Found::Perhaps(rows) => Target::Choose(rows.into_iter().take(CANDIDATES).collect(), 0),
    }
}

/// Neither a figure nor an empty cell.
fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && text != CLEARED && !Text::NotApplicable.is(text)
}

#[cfg(test)]
mod tests {
    use super::*;

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
