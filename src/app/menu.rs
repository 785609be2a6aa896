//! 菜单. The few things that can be done with what is under the cursor, each with its digit. What cannot be done now
//! stays in its place and says why.

use super::action::Action;
use super::cursor::Cursor;
use crate::domain::value::Bilingual;

/// 一项
#[derive(Clone, Debug)]
pub struct Item {
    /// What choosing it does.
    pub action: Action,
    /// What it is called.
    pub label: Bilingual,
    /// Why it cannot be done now.
    pub why_not: Option<Bilingual>,
}

/// 菜单
#[derive(Clone, Debug)]
pub struct Menu {
    /// What it is about.
    pub title: Bilingual,
    /// What can be done.
    pub items: Vec<Item>,
    /// The item under the cursor, by its place.
    pub cursor: Cursor<usize>,
}

impl Menu {
    /// A menu of these items.
    #[must_use]
    pub fn new(title: Bilingual, items: Vec<Item>) -> Self {
        let mut menu = Self { title, items, cursor: Cursor::default() };
        menu.cursor.go(&menu.places(), 0);
        menu
    }

    fn places(&self) -> Vec<usize> {
        (0..self.items.len()).collect()
    }

    /// Moves the cursor, or answers the item that was chosen: by Enter, or by its digit.
    pub fn take(&mut self, action: Action) -> Option<&Item> {
        let chosen = match action {
            Action::ItemPrev => {
                self.cursor.step(&self.places(), -1);
                return None;
            }
            Action::ItemNext => {
                self.cursor.step(&self.places(), 1);
                return None;
            }
            Action::Run => self.cursor.place(),
            Action::Pick(Some(digit)) => usize::from(digit).checked_sub(1)?,
            _ => return None,
        };
        self.items.get(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_chosen_by_its_digit_or_where_the_cursor_stands() {
        let item = |action| Item { action, label: Bilingual::new("一", "one"), why_not: None };
        let mut menu = Menu::new(Bilingual::new("", ""), vec![item(Action::Clear), item(Action::Edit)]);
        let mut chosen = |action| menu.take(action).map(|i| i.action);
        assert_eq!(chosen(Action::Pick(Some(2))), Some(Action::Edit));
        assert_eq!(chosen(Action::Pick(Some(3))), None);
        assert_eq!(chosen(Action::Run), Some(Action::Clear));
        assert_eq!(chosen(Action::ItemNext), None);
        assert_eq!(chosen(Action::ItemNext), None, "it does not wrap");
        assert_eq!(chosen(Action::Run), Some(Action::Edit));
    }
}
