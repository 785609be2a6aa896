//! 撤销、重做. A person takes back what he has done, one operation at a time, and does it again.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::domain::change::{Change, Draft, Subject};
use crate::store::access::Actor;
use crate::store::ledger::LedgerEntry;
use crate::store::{Error, Store, load};

impl Store {
    /// Takes back the person's newest operation that is not taken back yet.
    ///
    /// # Errors
    /// There is none; somebody changed one of its records since; or it is not permitted any more.
    pub fn undo(&mut self, actor: &Actor) -> Result<Vec<u64>, Error> {
        self.turn_back(actor, "undo")
    }

    /// The entries that [`Store::undo`] would take back.
    ///
    /// # Errors
    /// Reading failed.
    pub fn undoable(&self, actor: &Actor) -> Result<Vec<LedgerEntry>, Error> {
        Ok(own_operations(&self.conn, &actor.login)?.done.pop().unwrap_or_default())
    }

    /// Does again what the person took back last.
    ///
    /// # Errors
    /// As [`Store::undo`].
    pub fn redo(&mut self, actor: &Actor) -> Result<Vec<u64>, Error> {
        self.turn_back(actor, "redo")
    }

    fn turn_back(&mut self, actor: &Actor, how: &str) -> Result<Vec<u64>, Error> {
        let op_id = (self.ambient.op_id)()?;
        self.operation(actor, op_id, |step| {
            step.reversing = true;
            let mut own = own_operations(step.conn, &step.actor.login)?;
            let entries =
                if how == "undo" { &mut own.done } else { &mut own.undone }.pop().ok_or(Error::NothingToUndo)?;
            let mut drafts = Vec::with_capacity(entries.len());
            for entry in entries.iter().rev() {
                let Some(kind) = entry.kind else { return Err(Error::NothingToUndo) };
                let subject = Subject { kind, key: entry.key.clone() };
                let typed = |json: &Option<String>| json.as_deref().map(|j| load::read(kind, j)).transpose();
                let made = Change {
                    subject,
                    before: typed(&entry.before)?,
                    after: typed(&entry.after)?,
                    reason: format!("{how} #{}", entry.seq),
                };
                drafts.push(Draft { change: made.invert(), base: Some(own.newest_like(entry)) });
            }
            step.append(&drafts)
        })
    }
}

/// What a person has done and taken back, oldest first.
#[derive(Debug, Default)]
struct OwnOperations {
    done: Vec<Vec<LedgerEntry>>,
    undone: Vec<Vec<LedgerEntry>>,
    /// Reversals of one's own: the entry whose state each brought back.
    restores: HashMap<u64, u64>,
    /// Newest entry that brought a state back, by record and the entry that first made it (0 = no record).
    newest: HashMap<(String, String, u64), u64>,
}

impl OwnOperations {
    /// The entry that first made the state which this entry left.
    fn origin(&self, seq: u64) -> u64 {
        self.restores.get(&seq).copied().unwrap_or(seq)
    }

    /// The newest entry that left the record in the state of this one, so that undo can go on behind an undo.
    fn newest_like(&self, entry: &LedgerEntry) -> u64 {
        let place = (entry.kind_name.clone(), entry.key.clone(), self.origin(entry.seq));
        self.newest.get(&place).copied().unwrap_or(entry.seq)
    }
}

/// Walks along the person's entries. Imports, plans and steps of rounds are not taken back by a key.
fn own_operations(conn: &Connection, login: &str) -> Result<OwnOperations, Error> {
    const FAR: usize = 2_000;
    let sql = format!(
        "SELECT {} FROM ledger WHERE actor = ?1 AND kind NOT IN ('round', 'plan', 'restore') AND reason NOT LIKE 'import %'
         ORDER BY seq DESC LIMIT {FAR}",
        LedgerEntry::COLUMNS
    );
    let mut read = conn.prepare_cached(&sql)?;
    let mut entries: Vec<LedgerEntry> = read.query_map([login], LedgerEntry::of)?.collect::<Result<_, _>>()?;
    entries.reverse();
    let bases: HashMap<u64, u64> = entries.iter().map(|e| (e.seq, e.base)).collect();
    let mut own = OwnOperations::default();
    for operation in entries.chunk_by(|a, b| a.op_id == b.op_id) {
        let reason = operation.first().map_or("", |e| e.reason.as_str());
        if reason.starts_with("undo #") {
            own.done.pop();
            own.undone.push(operation.to_vec());
        } else if reason.starts_with("redo #") {
            own.undone.pop();
            own.done.push(operation.to_vec());
        } else {
            own.undone.clear();
            own.done.push(operation.to_vec());
        }
        for entry in operation {
            let target = entry.reason.strip_prefix("undo #").or_else(|| entry.reason.strip_prefix("redo #"));
            let Some(base) = target.and_then(|t| bases.get(&t.parse().ok()?)) else { continue };
            let origin = own.origin(*base);
            own.restores.insert(entry.seq, origin);
            own.newest.insert((entry.kind_name.clone(), entry.key.clone(), origin), entry.seq);
        }
    }
    Ok(own)
}
