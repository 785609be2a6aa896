//! 请求与答复. What the interface asks of the store, and what the store answers.

use std::sync::Arc;

use super::{Chain, Error, LedgerEntry, OpId, Present, Query};
use crate::domain::change::{Draft, Subject};
use crate::domain::round::RoundStep;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Date};
use crate::domain::warning::Warning;

/// What the interface asks of the store.
#[derive(Clone, Debug)]
pub enum Request {
    /// The newest state.
    Load,
    /// Save these changes as one operation.
    Save {
        /// Comes back in the reply.
        ticket: u64,
        /// What to save.
        drafts: Vec<Draft>,
    },
    /// One step of a round's life.
    Round {
        /// Comes back in the reply.
        ticket: u64,
        /// Id of the round.
        round: String,
        /// Which step.
        step: RoundStep,
        /// 理由
        reason: String,
    },
    /// Save these changes under the id of an operation of which nobody knows whether it was saved: if the ledger has
    /// it, nothing is written again.
    Settle {
        /// Comes back in the reply.
        ticket: u64,
        /// The operation.
        op: OpId,
        /// What was to be saved.
        drafts: Vec<Draft>,
    },
    /// What would be taken back.
    Undoable,
    /// Take back one's own newest operation.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// The newest entries, for a corner of the first screen: nobody asked for them, so nobody is refused aloud.
    Recent {
        /// At most this many.
        limit: usize,
    },
    /// Entries of the ledger.
    History(Query),
    /// Follow the chain of the ledger a part further.
    Chain,
    /// What is odd about the district, as far as the person may know.
    Warnings,
    /// Where a row of the plan in force stands, as `project/<id>`.
    PlanLine(String),
    /// The newest entry of each of these records.
    Sources(Vec<Subject>),
    /// Show that day of the past from now on; none = today.
    AsOf(Option<Date>),
    /// The bell rang: look whether something is new.
    Changed,
    /// This person is in that row of a grid now, `<round>/<project>`; none: in no grid.
    Here(Option<String>),
    /// End the thread.
    Stop,
}

/// What the store answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The state of the district now.
    Data(Arc<Snapshot>),
    /// A save waits for another one, so long that a person notices.
    Waiting,
    /// What is wrong with the file or the disk, as long as it is so.
    Damaged(Option<Bilingual>),
    /// What should be looked after, though all is saved.
    Care(Bilingual),
    /// Who else is in the same grid.
    Others(Vec<Present>),
    /// It is on disk.
    Saved {
        /// Of the request; 0 for undo and redo.
        ticket: u64,
        /// Numbers of the new entries; empty when nothing was different.
        seqs: Vec<u64>,
    },
    /// It is not saved.
    Refused {
        /// Of the request; 0 for undo and redo.
        ticket: u64,
        /// Why, and what to do.
        error: Error,
    },
    /// The entries that the next undo would take back; none where there is nothing.
    Undoable(Vec<LedgerEntry>),
    /// The newest entries that the person may see, newest last; none where he may see no entry.
    Recent(Vec<LedgerEntry>),
    /// 历史
    History {
        /// Of the request.
        of: Query,
        /// Newest last; or why there are none to see.
        found: Result<Vec<LedgerEntry>, Error>,
    },
    /// How far the chain of the ledger is whole.
    Chain(Chain),
    /// 提示, in the order of their codes.
    Warnings {
        /// Number of the newest entry that they know.
        seq: u64,
        /// The day that they were looked for.
        day: Date,
        /// What is odd.
        all: Arc<[Warning]>,
    },
    /// Where a row of the plan stands.
    PlanLine {
        /// Of the request.
        key: String,
        /// File and line; none where it has no row.
        place: Option<(&'static str, u32)>,
    },
    /// Who entered these records, and when: their newest entries, as far as the person may see them.
    Sources {
        /// Of the request.
        of: Vec<Subject>,
        /// In no order; none for a record without an entry.
        entries: Vec<LedgerEntry>,
    },
    /// The state cannot be read; what was shown before stands.
    Failed(Error),
}
