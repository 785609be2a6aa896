//! 条目. One entry of the ledger in full, with what it moved.

use super::modal::Scroll;
use super::screen::{Actor, may_see_project};
use crate::domain::effect::{self, Effect, Unknown};
use crate::domain::snapshot::Snapshot;
use crate::store::LedgerEntry;

/// What can be said of the effect of an entry.
#[derive(Debug, PartialEq, Eq)]
pub enum Moves {
    /// This.
    Known(Effect),
    /// Nothing, and why.
    Unknown(Unknown),
    /// The person may not see figures of that round.
    Hidden,
}

/// 条目
#[derive(Debug)]
pub struct Entry {
    /// The entry.
    pub entry: LedgerEntry,
    /// What it moved.
    pub moves: Moves,
    /// The part shown.
    pub scroll: Scroll,
    /// As it stands in the ledger, behind what it says.
    pub raw: bool,
}

impl Entry {
    /// An entry, with its effect in the district as it is.
    #[must_use]
    pub fn new(entry: LedgerEntry, data: &Snapshot, actor: &Actor) -> Self {
        let (before, after) = (entry.before(), entry.after());
        let effect = match entry.kind {
            Some(kind) => effect::of_entry(data, (kind, &entry.key), (before.as_ref(), after.as_ref())),
            None => Err(Unknown::NoFigure),
        };
        let moves = match effect {
            Ok(effect) if !may_see_project(data, actor, effect.round, effect.project) => Moves::Hidden,
            Ok(effect) => Moves::Known(effect),
            Err(unknown) => Moves::Unknown(unknown),
        };
        Self { entry, moves, scroll: Scroll::default(), raw: false }
    }
}
