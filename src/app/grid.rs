//! 表格. Cells that are typed into: what both score grids share. It moves, opens, checks, saves and takes back; which rows
//! and columns there are, and what a typed text means, is told by the screen's [`Sheet`].
//!
//! A cell is closed, open ([`Editor`]), on its way ([`Grid::on_its_way`]), refused ([`Invalid`], its text kept) or in
//! conflict ([`Conflict`]). Typing never waits for the store.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::action::Action;
use super::cursor::Cursor;
use super::field::{Edit, Field};
use super::screen::{Context, Message, Wish};
use crate::domain::change::{Record, Subject};
use crate::domain::value::Bilingual;
use crate::text::Text;

pub mod edit;
pub mod paste;
pub mod range;
pub mod save;
pub mod trail;

pub use edit::{Conflict, Editor, Invalid, Prompt, Verdict, Want};
pub use paste::Named;
use paste::Preview;
use save::Pending;
pub use save::{Answer, Recent};

/// How a cleared cell is shown, and what clears a cell.
pub const CLEARED: &str = "--";

/// Where the cursor goes after a save.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Go {
    /// 下一格
    #[default]
    Down,
    /// 上一格
    Up,
    /// 左一格
    Left,
    /// 右一格
    Right,
    /// 不动
    Stay,
}

/// What a save must still find: the entry and its value that the person knew of; 0 = none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Number of the entry.
    pub seq: u64,
    /// The record.
    pub value: Option<Record>,
}

/// 表. What a screen knows of its cells.
pub trait Sheet<R, C> {
    /// Whether the person may write the cell now.
    ///
    /// # Errors
    /// Why not.
    fn may(&self, cell: (R, C)) -> Result<(), Bilingual>;
    /// What is stored in a cell.
    fn stored(&self, cell: (R, C)) -> Seen;
    /// The value of a cell as a text that could be typed; [`CLEARED`] where there is none.
    fn text(&self, cell: (R, C)) -> String;
    /// What a typed text means for its cell, with a reason if one was given.
    fn judge(&self, want: &Want<(R, C)>, reason: Option<&str>) -> Verdict;
    /// The record of a cell.
    fn subject(&self, cell: (R, C)) -> Subject;
    /// A cell by name: `XX-008 服务`.
    fn name(&self, cell: (R, C)) -> Bilingual;
    /// What the facts suggest for a cell, as it would be typed.
    fn derived(&self, _cell: (R, C)) -> Option<String> {
        None
    }
    /// The note of what is stored.
    fn note(&self, _cell: (R, C)) -> String {
        String::new()
    }
}

/// 表格. Rows, columns, and everything that is under way in their cells.
#[derive(Debug)]
pub struct Grid<R, C> {
    /// What the rows stand for.
    pub rows: Vec<R>,
    /// What the columns stand for.
    pub columns: Vec<C>,
    /// The row of the cursor.
    pub row: Cursor<R>,
    /// The column of the cursor.
    pub column: Cursor<C>,
    /// Where Enter goes: down, or right.
    pub enter: Go,
    /// The open cell.
    pub editor: Option<Editor<(R, C)>>,
    /// The prompt for a reason.
    pub prompt: Option<Prompt<(R, C)>>,
    /// A conflict that waits for an answer.
    pub conflict: Option<Conflict<(R, C)>>,
    /// 粘贴预览
    pub preview: Option<Preview<R, C>>,
    /// Values that were refused; they stay in their cells.
    pub invalid: BTreeMap<(R, C), Invalid>,
    /// 最近改动 of this session, newest first.
    pub recent: Vec<Recent<(R, C)>>,
    /// 别人刚改的, until the next key.
    pub fresh: BTreeSet<(R, C)>,
    /// The other corner of the range, if one is being selected.
    anchor: Option<(R, C)>,
    outbox: VecDeque<Pending<(R, C)>>,
    pending: BTreeMap<u64, Pending<(R, C)>>,
    /// Saved since the last data: the picture does not show it yet.
    known: BTreeMap<(R, C), Seen>,
    last_reason: String,
    /// What was copied last.
    clipboard: String,
    /// A paste that is being written; it comes back if the store refuses it.
    written: Option<Preview<R, C>>,
}

impl<R, C> Default for Grid<R, C> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            columns: Vec::new(),
            row: Cursor::default(),
            column: Cursor::default(),
            enter: Go::Down,
            editor: None,
            prompt: None,
            conflict: None,
            preview: None,
            invalid: BTreeMap::new(),
            recent: Vec::new(),
            fresh: BTreeSet::new(),
            anchor: None,
            outbox: VecDeque::new(),
            pending: BTreeMap::new(),
            known: BTreeMap::new(),
            last_reason: String::new(),
            clipboard: String::new(),
            written: None,
        }
    }
}

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Takes the rows and columns of new data; the cursor stays on its row and column.
    pub fn shape(&mut self, rows: Vec<R>, columns: Vec<C>) {
        (self.rows, self.columns) = (rows, columns);
        self.row.refresh(&self.rows);
        self.column.refresh(&self.columns);
        let gone = |(r, c): &(R, C)| !self.rows.contains(r) || !self.columns.contains(c);
        self.anchor = self.anchor.filter(|a| !gone(a));
    }

    /// New data has arrived: it shows what was saved until now.
    pub fn renewed(&mut self) {
        self.known.clear();
    }

    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<(R, C)> {
        Some((self.row.item()?, self.column.item()?))
    }

    /// To a cell, if it is in the grid.
    pub fn point(&mut self, (row, column): (R, C)) -> bool {
        self.row.point(&self.rows, row) && self.column.point(&self.columns, column)
    }

    /// One cell on, never around an edge.
    pub fn step(&mut self, go: Go) {
        match go {
            Go::Down => self.row.step(&self.rows, 1),
            Go::Up => self.row.step(&self.rows, -1),
            Go::Left => self.column.step(&self.columns, -1),
            Go::Right => self.column.step(&self.columns, 1),
            Go::Stay => {}
        }
    }

    /// Moves the cursor as every grid does; false for actions that are no moves.
    fn walk(&mut self, action: Action) -> bool {
        match action {
            Action::CellUp => self.step(Go::Up),
            Action::CellDown => self.step(Go::Down),
            Action::CellLeft => self.step(Go::Left),
            Action::CellRight => self.step(Go::Right),
            Action::RowStart => self.column.go(&self.columns, 0),
            Action::RowEnd => self.column.go(&self.columns, usize::MAX),
            Action::PageUp | Action::PageDown | Action::First | Action::Last => {
                self.row.take(action, &self.rows);
            }
            _ => return false,
        }
        true
    }

    /// Which keys hold in the grid.
    #[must_use]
    pub fn context(&self) -> Context {
        if self.prompt.is_some() {
            Context::Field
        } else if self.conflict.is_some() {
            Context::Conflict
        } else if self.preview.is_some() {
            Context::Preview
        } else if self.editor.is_some() {
            Context::Cell
        } else if self.has_range() {
            Context::Range
        } else {
            Context::Grid
        }
    }

    /// The field that is being typed into.
    pub fn field(&mut self) -> Option<&mut Field> {
        match (&mut self.prompt, &mut self.editor) {
            (Some(p), _) => Some(&mut p.field),
            (None, Some(e)) => Some(&mut e.field),
            _ => None,
        }
    }

    /// What is stored in a cell as far as this session knows: its own newest save may not be in the picture yet.
    pub fn seen(&self, cell: (R, C), sheet: &impl Sheet<R, C>) -> Seen {
        self.known.get(&cell).cloned().unwrap_or_else(|| sheet.stored(cell))
    }

    /// Answers an action with what shall happen; none for an action that is not the grid's.
    pub fn update(&mut self, action: Action, sheet: &impl Named<R, C>) -> Option<Vec<Wish>> {
        if let Some(prompt) = self.prompt.take() {
            return Some(self.answer_prompt(prompt, action, sheet));
        }
        if let Some(conflict) = self.conflict.take() {
            return Some(self.answer_conflict(conflict, action, sheet));
        }
        if let Some(preview) = self.preview.take() {
            return Some(self.answer_preview(preview, action, sheet));
        }
        match action {
            Action::SaveDown => Some(self.commit(sheet, self.enter)),
            Action::SaveUp => Some(self.commit(sheet, Go::Up)),
            Action::SaveLeft => Some(self.commit(sheet, Go::Left)),
            Action::SaveRight => Some(self.commit(sheet, Go::Right)),
            Action::CaretLeft | Action::CaretRight => Some(self.caret(action == Action::CaretLeft, sheet)),
            Action::Cancel => Some(self.cancel()),
            Action::Overwrite(c) => Some(self.begin(sheet, Some(c))),
            Action::Edit => Some(self.begin(sheet, None)),
            Action::Clear => Some(self.clear(sheet)),
            Action::Adopt => Some(self.adopt(sheet)),
            Action::Note => Some(self.note(sheet)),
            Action::Copy => Some(self.copy(sheet)),
            Action::CopyTable => Some(self.copy_table(sheet)),
            Action::Paste => Some(self.paste_again(sheet)),
            Action::FillDown | Action::FillRight => Some(self.fill(action == Action::FillDown, sheet)),
            Action::ExtendUp | Action::ExtendDown | Action::ExtendLeft | Action::ExtendRight => {
                Some(self.extend(action))
            }
            Action::Range | Action::RangeEnd => {
                if action == Action::Range {
                    self.begin_range()
                } else {
                    self.end_range()
                }
                Some(Vec::new())
            }
            Action::LeaveGrid => self.drop_refused().map(|line| vec![line]),
            _ if self.walk(action) => Some(self.arrive()),
            _ => None,
        }
    }

    /// In a cell opened by typing the arrows save and move; in one opened with its value they move the caret.
    fn caret(&mut self, left: bool, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        match &mut self.editor {
            Some(e) if !e.overwrites => {
                e.field.edit(if left { Edit::Left } else { Edit::Right });
                Vec::new()
            }
            _ => self.commit(sheet, if left { Go::Left } else { Go::Right }),
        }
    }

    /// 放弃本格: the stored value is shown again.
    fn cancel(&mut self) -> Vec<Wish> {
        self.editor = None;
        self.drop_refused().into_iter().collect()
    }

    /// The refused value under the cursor goes, and is named.
    fn drop_refused(&mut self) -> Option<Wish> {
        let dropped = self.invalid.remove(&self.cell()?)?;
        Some(Wish::Say(Message::plain(Text::Dropped.both(&[&dropped.typed]))))
    }
}
