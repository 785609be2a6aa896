//! 选行. The rows that somebody picked out of a table; an identity each, never a place.

use std::collections::BTreeSet;

/// 选行
#[derive(Clone, Debug)]
pub struct Picked<T>(BTreeSet<T>);

impl<T> Default for Picked<T> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<T: Copy + Ord> Picked<T> {
    /// Picks a row, or lets it go.
    pub fn toggle(&mut self, row: T) {
        if !self.0.remove(&row) {
            self.0.insert(row);
        }
    }

    /// Picks all of these; lets them go where all were picked already.
    pub fn toggle_all(&mut self, rows: &[T]) {
        if rows.iter().all(|r| self.has(*r)) {
            for row in rows {
                self.0.remove(row);
            }
        } else {
            self.0.extend(rows);
        }
    }

    /// Lets all go. False where none was picked.
    pub fn clear(&mut self) -> bool {
        let any = !self.0.is_empty();
        self.0.clear();
        any
    }

    /// Whether a row is picked.
    #[must_use]
    pub fn has(&self, row: T) -> bool {
        self.0.contains(&row)
    }

    /// All of them, in the order of the plan.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = T> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_all_that_is_listed_and_twice_is_none_of_it() {
        let mut picked = Picked::default();
        picked.toggle(7);
        picked.toggle_all(&[1, 2]);
        assert_eq!(picked.rows().collect::<Vec<_>>(), [1, 2, 7]);
        picked.toggle_all(&[1, 2]);
        assert_eq!(picked.rows().collect::<Vec<_>>(), [7]);
        picked.toggle(7);
        assert!(!picked.clear());
    }
}
