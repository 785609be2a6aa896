//! 记录. Who changed what, when and why.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Screen, Sight, Tab, Wish};
pub use crate::store::LedgerEntry;

/// 记录
#[derive(Default)]
pub struct History {
    /// Newest first; none before the store has answered.
    pub entries: Option<Vec<LedgerEntry>>,
    /// Number of the entry under the cursor.
    pub cursor: Cursor<u64>,
}

impl History {
    /// The store's answer.
    pub fn set(&mut self, mut entries: Vec<LedgerEntry>) {
        entries.sort_by_key(|e| std::cmp::Reverse(e.seq));
        let list: Vec<u64> = entries.iter().map(|e| e.seq).collect();
        self.entries = Some(entries);
        self.cursor.refresh(&list);
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&LedgerEntry> {
        let seq = self.cursor.item()?;
        self.entries.as_ref()?.iter().find(|e| e.seq == seq)
    }
}

impl Screen for History {
    fn update(&mut self, action: Action, _sight: &Sight<'_>) -> Vec<Wish> {
        let list: Vec<u64> = self.entries.iter().flatten().map(|e| e.seq).collect();
        match action {
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                self.cursor.take(action, &list);
            }
        }
        Vec::new()
    }

    fn refresh(&mut self, _sight: &Sight<'_>) {}
}
