//! 本格菜单. What can be done to a cell besides typing into it; the screen says what there is.

use super::{Grid, Sheet, Want};
use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Message, Wish};
use crate::domain::value::Bilingual;
use crate::text::Text;

/// What a row of the menu does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The suggestion becomes the value.
    Adopt,
    /// This text becomes the value of the cell, or of every cell of the range.
    Type(String),
    /// This text becomes the value of every cell of the row.
    Row(String),
    /// The entry is withdrawn.
    Clear,
    /// 备注
    Note,
    /// 推算
    Explain,
}

/// A row of the menu.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it does, in words.
    pub label: Bilingual,
    /// The key that does it without the menu.
    pub key: &'static str,
    /// What it does.
    pub choice: Choice,
}

/// 本格菜单
#[derive(Clone, Debug)]
pub struct Menu {
    /// Its rows.
    pub items: Vec<Item>,
    /// The row.
    pub cursor: Cursor<usize>,
}

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Opens the menu of the cell under the cursor; none where the screen has a menu of its own.
    pub(super) fn open_menu(&mut self, sheet: &impl Sheet<R, C>) -> Option<Vec<Wish>> {
        let cell = self.cell()?;
        let items = sheet.menu(cell);
        if items.is_empty() {
            return None;
        }
        if let Err(why) = sheet.may(cell) {
            return Some(vec![Wish::Say(Message::loud(why))]);
        }
        let mut cursor = Cursor::default();
        cursor.go(&(0..items.len()).collect::<Vec<_>>(), 0);
        self.menu = Some(Menu { items, cursor });
        Some(Vec::new())
    }

    pub(super) fn answer_menu(&mut self, mut menu: Menu, action: Action, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let places: Vec<usize> = (0..menu.items.len()).collect();
        let chosen = match action {
            Action::Close => return Vec::new(),
            Action::Run => menu.cursor.item(),
            Action::Pick(Some(n)) => usize::from(n).checked_sub(1),
            Action::ItemPrev => {
                menu.cursor.step(&places, -1);
                None
            }
            Action::ItemNext => {
                menu.cursor.step(&places, 1);
                None
            }
            _ => None,
        };
        match chosen.and_then(|i| menu.items.get(i)).map(|i| i.choice.clone()) {
            Some(choice) => self.choose(&choice, sheet),
            None => {
                self.menu = Some(menu);
                Vec::new()
            }
        }
    }

    fn choose(&mut self, choice: &Choice, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        match choice {
            Choice::Adopt => self.adopt(sheet),
            Choice::Clear => self.clear(sheet),
            Choice::Note => self.note(sheet),
            Choice::Explain => vec![Wish::Explain],
            Choice::Type(text) => {
                let cells = self.selected();
                self.type_into(&cells, text, sheet)
            }
            Choice::Row(text) => {
                let rows = self.block().0.to_vec();
                let cells: Vec<(R, C)> = rows.iter().flat_map(|r| self.columns.iter().map(move |c| (*r, *c))).collect();
                self.type_into(&cells, text, sheet)
            }
        }
    }

    /// The same text for these cells: all of them in one operation, or none.
    pub(super) fn type_into(&mut self, cells: &[(R, C)], text: &str, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let want = |cell: &(R, C)| Want { cell: *cell, typed: text.to_owned(), seen: self.seen(*cell, sheet) };
        let mut wants: Vec<Want<(R, C)>> = cells.iter().map(want).collect();
        if wants.len() == 1
            && let Some(want) = wants.pop()
        {
            return self.enter(want, None, self.enter, sheet);
        }
        self.enter_all(wants, None, sheet)
    }

    /// 备注: the stored value of the cell stays, and says why.
    pub(super) fn note(&mut self, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let Some(cell) = self.cell() else { return Vec::new() };
        if let Err(why) = sheet.may(cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        let seen = self.seen(cell, sheet);
        if seen.value.is_none() {
            return vec![Wish::Say(Message::plain(Text::NoteNeedsEntry.both(&[])))];
        }
        let typed = self.on_its_way(cell).map_or_else(|| sheet.text(cell), str::to_owned);
        self.ask_with(vec![Want { cell, typed, seen }], Text::NoteOf, super::Go::Stay, sheet.note(cell));
        Vec::new()
    }
}
