//! 光标. A cursor in a list that follows what it points at, not its place.

use crate::app::action::Action;

/// 光标. Points at an item by identity; remembers its place in case the item leaves the list.
#[derive(Clone, Debug)]
pub struct Cursor<T> {
    item: Option<T>,
    place: usize,
    /// First row in the window.
    pub top: usize,
    /// Rows in the window, as last drawn; the one thing that a state learns from its picture.
    pub height: usize,
}

impl<T> Default for Cursor<T> {
    fn default() -> Self {
        Self { item: None, place: 0, top: 0, height: 10 }
    }
}

impl<T: Copy + PartialEq> Cursor<T> {
    /// What it points at.
    #[must_use]
    pub fn item(&self) -> Option<T> {
        self.item
    }

    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// Finds its item again in a changed list; if it is gone, what stands in its place.
    pub fn refresh(&mut self, list: &[T]) {
        let found = self.item.and_then(|item| list.iter().position(|x| *x == item));
        self.go(list, found.unwrap_or(self.place));
    }

    /// To a place in the list, within its bounds.
    pub fn go(&mut self, list: &[T], place: usize) {
        self.place = place.min(list.len().saturating_sub(1));
        self.item = list.get(self.place).copied();
    }

    /// To an item of the list, if it is there.
    pub fn point(&mut self, list: &[T], item: T) -> bool {
        let place = list.iter().position(|x| *x == item);
        if let Some(place) = place {
            self.go(list, place);
        }
        place.is_some()
    }

    /// By so many rows, within the bounds.
    pub fn step(&mut self, list: &[T], by: isize) {
        self.go(list, self.place.saturating_add_signed(by));
    }

    /// Does what an action of every list means: a row, half a page or a page up or down, first, last. False for others.
    pub fn take(&mut self, action: Action, list: &[T]) -> bool {
        let page = isize::try_from(self.height).unwrap_or(1);
        match action {
            Action::RowPrev => self.step(list, -1),
            Action::RowNext => self.step(list, 1),
            Action::PageUp => self.step(list, -page),
            Action::PageDown => self.step(list, page),
            Action::HalfUp => self.step(list, -page / 2),
            Action::HalfDown => self.step(list, page / 2),
            Action::First => self.go(list, 0),
            Action::Last => self.go(list, usize::MAX),
            _ => return false,
        }
        true
    }

    /// Moves the window so that the cursor is inside, and returns its first row.
    pub fn scroll(&mut self, len: usize, height: usize) -> usize {
        self.height = height.max(1);
        self.top = self.top.min(self.place).max((self.place + 1).saturating_sub(self.height));
        self.top = self.top.min(len.saturating_sub(self.height));
        self.top
    }
}

/// The neighbour of one of a few choices; none beyond the ends.
#[must_use]
pub fn beside<T: Copy + PartialEq>(all: &[T], at: T, by: isize) -> Option<T> {
    let place = all.iter().position(|x| *x == at).unwrap_or(0);
    place.checked_add_signed(by).and_then(|i| all.get(i)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_its_item_when_the_list_is_sorted_anew() {
        let mut c = Cursor::default();
        c.go(&[10, 20, 30], 1);
        c.refresh(&[30, 20, 10, 5]);
        assert_eq!((c.item(), c.place()), (Some(20), 1));
        c.refresh(&[5, 10, 20]);
        assert_eq!((c.item(), c.place()), (Some(20), 2));
        c.refresh(&[5, 10]);
        assert_eq!((c.item(), c.place()), (Some(10), 1));
        c.refresh(&[]);
        assert_eq!((c.item(), c.place()), (None, 0));
        c.refresh(&[7]);
        assert_eq!(c.item(), Some(7));
    }

    #[test]
    fn every_list_moves_alike() {
        let list: Vec<usize> = (0..50).collect();
        let mut c = Cursor { height: 10, ..Cursor::default() };
        let mut at = |action| c.take(action, &list).then(|| c.place());
        assert_eq!(at(Action::PageDown), Some(10));
        assert_eq!(at(Action::HalfDown), Some(15));
        assert_eq!(at(Action::RowNext), Some(16));
        assert_eq!(at(Action::RowPrev), Some(15));
        assert_eq!(at(Action::HalfUp), Some(10));
        assert_eq!(at(Action::PageUp), Some(0));
        assert_eq!((at(Action::Last), at(Action::First)), (Some(49), Some(0)));
        assert_eq!(at(Action::Open), None);
    }

    #[test]
    fn the_window_keeps_the_cursor_inside() {
        let list: Vec<usize> = (0..50).collect();
        let mut c = Cursor::default();
        c.go(&list, 30);
        assert_eq!(c.scroll(50, 10), 21);
        c.go(&list, 25);
        assert_eq!(c.scroll(50, 10), 21);
        c.go(&list, 3);
        assert_eq!(c.scroll(50, 10), 3);
        c.step(&list, -100);
        assert_eq!(c.scroll(50, 10), 0);
        assert_eq!(c.scroll(0, 0), 0);
    }
}
