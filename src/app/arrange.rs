//! 排序与选列的对话. Columns to sort by, or to show; what is chosen is seen in the table at once.

use super::action::Action;
use super::cursor::Cursor;
use super::sorting::Arrangement;

/// What is arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// 排序
    Sort,
    /// 选列
    Columns,
}

/// 对话
#[derive(Debug)]
pub struct Arrange {
    /// What is arranged.
    pub what: What,
    /// Place of the column.
    pub cursor: Cursor<usize>,
    /// As the table is arranged now.
    pub now: Arrangement,
    /// As it was before: Esc goes back to it.
    before: Arrangement,
    /// A column was turned: Enter then keeps them all instead of choosing the one under the cursor.
    turned: bool,
}

impl Arrange {
    /// The dialog of a table, its cursor on what is sorted by first.
    #[must_use]
    pub fn new(what: What, arrangement: &Arrangement) -> Self {
        let mut cursor = Cursor::default();
        let places: Vec<usize> = (0..arrangement.headings.len()).collect();
        let first = arrangement.by().first().map_or(0, |b| b.column);
        cursor.go(&places, if what == What::Sort { first } else { 0 });
        Self { what, cursor, now: arrangement.clone(), before: arrangement.clone(), turned: false }
    }

    fn pick(&mut self, column: usize) {
        match self.what {
            What::Sort => self.now.turn(column),
            What::Columns => _ = self.now.toggle(column),
        }
        self.turned = true;
    }

    /// Answers an action. True once the dialog is closed; the table then is arranged as [`Arrange::now`].
    pub fn take(&mut self, action: Action) -> bool {
        let places: Vec<usize> = (0..self.now.headings.len()).collect();
        match action {
            Action::ItemPrev => self.cursor.step(&places, -1),
            Action::ItemNext => self.cursor.step(&places, 1),
            Action::Pick(None) => self.pick(self.cursor.place()),
            Action::Pick(Some(n)) => {
                let place = usize::from(n).saturating_sub(1);
                if self.cursor.point(&places, place) {
                    self.pick(place);
                }
            }
            Action::SortReverse => {
                self.now.reverse();
                self.turned = true;
            }
            Action::Usual => {
                self.now.reset();
                self.turned = true;
            }
            Action::Run => {
                if self.what == What::Sort && !self.turned {
                    self.now.only(self.cursor.place());
                }
                return true;
            }
            Action::Close => {
                self.now = self.before.clone();
                return true;
            }
            _ => {}
        }
        false
    }
}
