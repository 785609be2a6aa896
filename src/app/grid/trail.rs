//! 本格记录. Who entered a cell, when and why: the newest entries of its record, read while the cursor rests on it.

use crate::domain::change::Subject;
use crate::store::{Error, LedgerEntry, Query};

/// So many entries of a cell are shown.
const SHOWN: usize = 4;

/// 本格记录
#[derive(Debug, Default)]
pub struct Trail {
    /// The record, and its newest entry as far as is known.
    of: Option<(Subject, u64)>,
    asked: Option<Query>,
    /// Newest first; none before the store has answered.
    entries: Vec<LedgerEntry>,
}

impl Trail {
    /// What to ask the store for: the entries of a record, once for each of its states.
    pub fn wants(&mut self, of: Option<(Subject, u64)>) -> Option<Query> {
        if self.of == of {
            return None;
        }
        self.entries.clear();
        self.asked = of.as_ref().map(|(subject, _)| Query::record(subject.clone(), SHOWN));
        self.of = of;
        self.asked.clone()
    }

    /// The entries of this record, newest first; none while they are those of another one.
    #[must_use]
    pub fn entries(&self, of: &Subject) -> &[LedgerEntry] {
        if self.of.as_ref().is_some_and(|(subject, _)| subject == of) { &self.entries } else { &[] }
    }

    /// The store's answer, if it is the one that is waited for.
    pub fn answered(&mut self, of: &Query, found: &Result<Vec<LedgerEntry>, Error>) {
        if self.asked.as_ref() == Some(of) {
            self.asked = None;
            self.entries = found.iter().flatten().rev().cloned().collect();
        }
    }
}
