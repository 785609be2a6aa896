//! 粘贴. From a block of text as a spreadsheet copies it to rows of cells, and to a preview of what each would change.
//!
//! Nothing is written from here: a preview is answered with [`super::Grid::enter_all`], all of it or nothing.

use super::{Grid, Sheet};
use crate::app::screen::{Message, Wish};
use crate::text::Text;

mod preview;
mod reading;
mod write;

pub use preview::{Align, Change, Line, Outcome, Preview, Sum, Target};
pub use reading::block;

/// Largest paste, in bytes.
pub const LARGEST: usize = crate::domain::border::LARGEST_PASTE;

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
}
