//! Writing: one transaction per operation, in which right, scope, round state and base are looked at.

mod entries;
mod plan;
mod records;
mod rights;
mod rounds;
mod undo;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::access::Actor;
use super::ambient::Point;
use super::ledger::{self, Entry, Head, OpId};
use super::{Ambient, CHECKPOINT_FRAMES, Conflict, Error, Store, Strict, load, syslog, unguard};
use crate::domain::border::{self, LONGEST_NOTE};
use crate::domain::change::{Change, Draft, Kind, Record, Subject};
use crate::domain::district::{Plan, RoundIx, RoundKind};
use crate::domain::round::RoundState;
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::Date;

/// A record as it is kept, with its JSON: every text in it composed, and none that acts or hides.
fn shown(kind: Kind, record: Record) -> Result<(Record, String), Error> {
    let json = record.json();
    texts_of(&serde_json::from_str(&json).map_err(|e| Error::damaged(e.to_string(), e.to_string()))?, &mut visible)?;
    let composed = border::composed(&json);
    Ok(if composed == json { (record, json) } else { (load::read(kind, &composed)?, composed) })
}

/// Looks at every text of a value.
fn texts_of(value: &Value, look: &mut impl FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
    match value {
        Value::String(text) => look(text),
        Value::Array(values) => values.iter().try_for_each(|value| texts_of(value, look)),
        Value::Object(fields) => fields.values().try_for_each(|value| texts_of(value, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// Refuses a text in which something acts or hides.
fn visible(text: &str) -> Result<(), Error> {
    let Some(c) = border::hostile(text) else { return Ok(()) };
    let code = u32::from(c);
    Err(Error::invalid(
        format!("含不可见或控制字符 U+{code:04X}"),
        format!("contains the invisible or control character U+{code:04X}"),
    ))
}

/// An operation in progress, inside its one transaction: it sees what it has written so far.
#[derive(Debug)]
pub struct Step<'c> {
    conn: &'c Connection,
    ambient: Ambient,
    actor: Actor,
    op_id: OpId,
    at: String,
    /// Of an import: stands in place of each change's own.
    source: Option<String>,
    /// Undo or redo.
    reversing: bool,
    head: Head,
    plan: Arc<Plan>,
    facts: Facts,
    seqs: Vec<u64>,
}

impl<'c> Step<'c> {
    pub(super) fn new(
        conn: &'c Connection,
        ambient: Ambient,
        actor: &Actor,
        op_id: OpId,
        plan: &Arc<Plan>,
        facts: &Facts,
    ) -> Result<Self, Error> {
        let (mut plan, mut facts) = (Arc::clone(plan), facts.clone());
        load::refresh(conn, &mut plan, &mut facts)?;
        let actor = actor.in_force(&plan);
        let head = ledger::head(conn)?;
        Ok(Self {
            conn,
            ambient,
            actor,
            op_id,
            at: ambient.stamp(),
            source: None,
            reversing: false,
            head,
            plan,
            facts,
            seqs: Vec::new(),
        })
    }

    fn today(&self) -> Date {
        self.plan.district.today.unwrap_or_else(|| self.ambient.day())
    }

    /// The district as it stands within the transaction.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::new(Snapshot::new(Arc::clone(&self.plan), self.facts.clone(), self.today(), None))
    }

    /// What follows comes from this file: it becomes the reason of every entry, and an operation of its own.
    ///
    /// # Errors
    /// No random number can be had.
    pub fn source(&mut self, file: &str, sha12: &str) -> Result<(), Error> {
        self.source = Some(format!("import {file} sha256:{sha12}"));
        self.op_id = (self.ambient.op_id)()?;
        Ok(())
    }

    /// Numbers of the entries appended so far.
    #[must_use]
    pub fn seqs(&self) -> &[u64] {
        &self.seqs
    }

    /// Appends changes. What would change nothing is left out.
    ///
    /// # Errors
    /// One of them is not permitted, conflicts or is not valid; the operation is then to be given up as a whole.
    pub fn append(&mut self, drafts: &[Draft]) -> Result<(), Error> {
        drafts.iter().try_for_each(|draft| self.one(draft))
    }

    fn one(&mut self, draft: &Draft) -> Result<(), Error> {
        let Change { subject, after: wanted, .. } = &draft.change;
        let (base, stored) = ledger::current(self.conn, subject.kind, &subject.key)?;
        let before = stored.as_deref().map(|json| load::read(subject.kind, json)).transpose()?;
        // A snapshot holds milestones and reports without the numbers of their entries: what the writer saw of them is told
        // by its value.
        let by_value = matches!(subject.kind, Kind::Milestone | Kind::Progress);
        let other = || draft.change.before.is_some() && draft.change.before != before;
        let stale = draft.base.map_or_else(|| by_value && other(), |seen| seen != base);
        // The step of a round may say why by itself; whatever else a file holds has the file as its reason.
        let own = draft.change.reason.trim();
        let says_why = subject.kind == Kind::Round && !own.is_empty() && !own.starts_with("import ");
        let source = self.source.as_ref().filter(|_| !says_why);
        let reason = source.cloned().unwrap_or_else(|| draft.change.reason.clone());
        let reason = border::composed(&reason);
        visible(&reason)?;
        if reason.chars().count() > LONGEST_NOTE {
            return Err(Error::invalid("理由过长：最多 2000 字", "the reason is too long: 2,000 characters at most"));
        }
        let ours = ["undo #", "redo #", "import "].iter().any(|start| reason.starts_with(start));
        if ours && source.is_none() && !self.reversing {
            return Err(Error::invalid(
                "理由不能以「undo #」「redo #」「import 」开头",
                "a reason does not begin with \"undo #\", \"redo #\" or \"import \"",
            ));
        }
        let change = Change { subject: subject.clone(), before, after: wanted.clone(), reason };
        let checked = self.checked(&change);
        // What is stored is not for the eyes of who may not write it, or not any more.
        if stale && !matches!(checked, Err(Error::NotPermitted(_) | Error::RoundState(_))) {
            return Err(self.conflict(subject, base, change.before, change.after)?);
        }
        let Some(after) = checked? else { return Ok(()) };
        self.put(subject, base, stored.as_deref(), after, &change.reason)
    }

    /// Appends an entry that was looked at.
    fn put(
        &mut self,
        subject: &Subject,
        base: u64,
        before: Option<&str>,
        after: Option<Record>,
        reason: &str,
    ) -> Result<(), Error> {
        let (after, json) = after.map(|record| shown(subject.kind, record)).transpose()?.unzip();
        if before == json.as_deref() {
            return Ok(());
        }
        // Each step of a round is an operation of its own, so that several may come from one file.
        let op_id = match (subject.kind, &self.source) {
            (Kind::Round, Some(_)) => (self.ambient.op_id)()?,
            _ => self.op_id,
        };
        let entry = Entry {
            op_id,
            at: &self.at,
            actor: &self.actor.login,
            via: &self.actor.via,
            kind: subject.kind.name(),
            key: &subject.key,
            base,
            before,
            after: json.as_deref(),
            reason,
        };
        entry.append(self.conn, &mut self.head)?;
        self.seqs.push(self.head.seq);
        load::apply(self.conn, &self.plan, &mut self.facts, subject.kind, &subject.key, self.head.seq, after)?;
        if subject.kind == Kind::Rectification {
            let values = [before, json.as_deref()];
            super::returned::follow(&mut self.facts, &subject.key, &self.at, values, reason);
        }
        (self.facts.seq, self.facts.head) = (self.head.seq, ledger::hex(&self.head.hash));
        Ok(())
    }

    fn conflict(
        &self,
        subject: &Subject,
        seq: u64,
        theirs: Option<Record>,
        mine: Option<Record>,
    ) -> Result<Error, Error> {
        let by = self
            .conn
            .query_row("SELECT actor, at FROM ledger WHERE seq = ?1", [ledger::number(seq)], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?;
        let (actor, at) = by.unwrap_or_default();
        Ok(Error::Conflict(Box::new(Conflict { subject: subject.clone(), seq, theirs, actor, at, mine })))
    }

    /// Looks at right, scope, round state and value. The value to store; none when nothing is to be stored.
    fn checked(&self, change: &Change) -> Result<Option<Option<Record>>, Error> {
        match change.subject.kind {
            Kind::Score => self.checked_score(change).map(Some),
            Kind::Ballot => self.checked_ballot(change).map(Some),
            Kind::Round => self.checked_round(change).map(|r| r.map(Some)),
            Kind::Plan => Err(Error::invalid("计划由 plan --apply 应用", "a plan is applied by plan --apply")),
            Kind::Restore => Err(Error::invalid("恢复由 dukao restore 记录", "a restore is recorded by dukao restore")),
            _ => self.checked_record(change).map(Some),
        }
    }

    fn round_of(&self, id: &str, kind: RoundKind) -> Result<(RoundIx, RoundState), Error> {
        let round = self.plan.round_ix(id).filter(|ix| self.plan.round(*ix).kind == kind).ok_or_else(|| unknown(id))?;
        Ok((round, self.state(round)))
    }

    fn state(&self, round: RoundIx) -> RoundState {
        self.facts.round_state(round)
    }

    pub(super) fn into_state(self) -> (Arc<Plan>, Facts, Head, Vec<u64>) {
        (self.plan, self.facts, self.head, self.seqs)
    }
}

/// Keeps a text under its hash.
fn document(conn: &Connection, text: &str) -> Result<String, Error> {
    let sha256 = ledger::sha256(text);
    if load::document(conn, &sha256)?.is_none() {
        conn.execute("INSERT INTO document(sha256, text) VALUES(?1, ?2)", params![sha256, text])?;
    }
    Ok(sha256)
}

fn parts(key: &str) -> Result<[&str; 3], Error> {
    let mut parts = key.splitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(a), Some(b), Some(c)) if !c.contains('/') => Ok([a, b, c]),
        _ => Err(unknown(key)),
    }
}

fn unknown(what: &str) -> Error {
    Error::invalid(format!("计划里没有「{what}」。请核对编号"), format!("the plan has no {what}: check the id"))
}

impl Store {
    /// Saves changes as one operation; `op_id` is drawn where none is given. Numbers of the new entries.
    ///
    /// # Errors
    /// Not permitted, a conflict, not valid, busy: nothing is saved.
    pub fn save(&mut self, actor: &Actor, drafts: &[Draft], op_id: Option<OpId>) -> Result<Vec<u64>, Error> {
        let op_id = op_id.map_or_else(self.ambient.op_id, Ok)?;
        self.operation(actor, op_id, |step| step.append(drafts))
    }

    /// Saves changes that are made from what is stored at that moment, as one operation.
    ///
    /// # Errors
    /// As [`Store::save`], or what `make` answers: nothing is saved.
    pub fn save_from(
        &mut self,
        actor: &Actor,
        mut make: impl FnMut(&Snapshot) -> Result<Vec<Draft>, Error>,
    ) -> Result<Vec<u64>, Error> {
        let op_id = (self.ambient.op_id)()?;
        self.operation(actor, op_id, |step| {
            let drafts = make(&step.snapshot())?;
            step.append(&drafts)
        })
    }

    /// Loads a file: everything that `fill` appends is one transaction.
    ///
    /// # Errors
    /// As [`Store::save`], or what `fill` answers: nothing is saved.
    pub fn import(
        &mut self,
        actor: &Actor,
        source_name: &str,
        sha12: &str,
        mut fill: impl FnMut(&mut Step<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u64>, Error> {
        let op_id = (self.ambient.op_id)()?;
        self.operation(actor, op_id, |step| {
            step.source = Some(format!("import {source_name} sha256:{sha12}"));
            fill(step)
        })
    }

    /// One immediate transaction; acknowledged only when it is on disk.
    fn operation(
        &mut self,
        actor: &Actor,
        op_id: OpId,
        mut fill: impl FnMut(&mut Step<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u64>, Error> {
        if let Some(damage) = &self.damage {
            return Err(Error::Damaged(damage.clone()));
        }
        let mut doubtful = false;
        for _ in 0..2 {
            match self.attempt(actor, op_id, &mut fill) {
                Ok(seqs) => return Ok(seqs),
                // Another's commit has taken the place of the one in doubt, or this would not be refused.
                Err(Broken::Off(error)) if !doubtful || settles(&error) => return Err(error),
                Err(Broken::Off(_)) => break,
                Err(Broken::InDoubt(head, seqs)) => {
                    doubtful = true;
                    match self.look_for(&head) {
                        Ok(true) => {
                            let _ = self.bell.ring(&head);
                            return Ok(seqs);
                        }
                        Ok(false) => {}
                        Err(_) => break,
                    }
                }
            }
        }
        Err(Error::Unknown(op_id))
    }

    fn attempt(
        &mut self,
        actor: &Actor,
        op_id: OpId,
        fill: &mut impl FnMut(&mut Step<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u64>, Broken> {
        let fault = self.ambient.fault;
        fault(Point::BeforeBegin)?;
        self.conn.execute_batch("BEGIN IMMEDIATE").map_err(Error::from)?;
        let written = self.written(actor, op_id, fill);
        let (plan, facts, head, seqs) = match written {
            Ok(Written::New(state)) => *state,
            Ok(Written::Already(seqs)) => {
                self.roll_back();
                return Ok(seqs);
            }
            Err(error) => {
                self.roll_back();
                return Err(error.into());
            }
        };
        let committed = fault(Point::BeforeCommit)
            .and_then(|()| Ok(self.conn.execute_batch("COMMIT")?))
            .and_then(|()| fault(Point::AfterCommit));
        match committed {
            Ok(()) => {}
            Err(Error::Busy) => {
                self.roll_back();
                return Err(Error::Busy.into());
            }
            // An error of COMMIT does not say that it did not happen.
            Err(_) => {
                self.roll_back();
                return Err(Broken::InDoubt(head, seqs));
            }
        }
        (self.plan, self.facts) = (plan, facts);
        // Not ringing delays others; it does not undo what is saved.
        let _ = self.bell.ring(&head);
        let _ = fault(Point::AfterRing);
        let _ = syslog::tell(self.ambient.log, &self.plan.district.id, &head);
        self.checkpoint();
        Ok(seqs)
    }

    /// Everything of an operation, inside its transaction.
    fn written(
        &self,
        actor: &Actor,
        op_id: OpId,
        fill: &mut impl FnMut(&mut Step<'_>) -> Result<(), Error>,
    ) -> Result<Written, Error> {
        // The same operation again is a retry of one that was saved.
        let found = ledger::of_operation(&self.conn, op_id)?;
        if !found.is_empty() {
            return Ok(Written::Already(found));
        }
        let mut step = Step::new(&self.conn, self.ambient, actor, op_id, &self.plan, &self.facts)?;
        fill(&mut step)?;
        let state = step.into_state();
        if state.3.is_empty() {
            return Ok(Written::Already(Vec::new()));
        }
        (self.ambient.fault)(Point::AfterInsert)?;
        Ok(Written::New(Box::new(state)))
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit() {
            // Nothing to be done about a failure: the next BEGIN reports it.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    /// Opens the database anew and looks whether an entry is in the ledger: what the old connection remembers counts for
    /// nothing after an error of COMMIT.
    fn look_for(&mut self, head: &Head) -> Result<bool, Error> {
        let mut anew = Self::open_as(&self.path, None, self.ambient, Strict::Yes)?;
        anew.waiting.instead_of(&self.waiting);
        if !self.guarded {
            unguard(&mut anew.conn)?;
            anew.guarded = false;
        }
        anew.seat = self.seat.take();
        *self = anew;
        let sql = "SELECT EXISTS(SELECT 1 FROM ledger WHERE seq = ?1 AND hash = ?2)";
        Ok(self.conn.query_row(sql, params![ledger::number(head.seq), head.hash], |r| r.get(0))?)
    }

    /// Moves the WAL into the file when it has grown, after the save is acknowledged on disk, and looks how that went.
    fn checkpoint(&mut self) {
        if self.frames.load(Ordering::Relaxed) < CHECKPOINT_FRAMES {
            return;
        }
        // One that cannot finish is tried again by the next commit.
        let moved = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |r| r.get::<_, i64>(0));
        self.checkpoint_failed = moved.err().map(|e| e.to_string());
    }
}

/// What a transaction has written.
enum Written {
    /// Entries, and the state that follows.
    New(Box<(Arc<Plan>, Facts, Head, Vec<u64>)>),
    /// Nothing: it was saved before, or changes nothing.
    Already(Vec<u64>),
}

/// How a transaction ended otherwise than well.
enum Broken {
    /// Nothing is saved.
    Off(Error),
    /// The entries with this head may be saved or not.
    InDoubt(Head, Vec<u64>),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Off(error)
    }
}

/// Whether a refusal proves that the ledger went on without the operation in doubt.
fn settles(error: &Error) -> bool {
    error.exit_code() != 6
}
