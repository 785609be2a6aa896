//! Writing: one transaction per operation, in which right, scope, round state and base are looked at.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::access::{self, Action, Actor, Matter};
use super::ledger::{self, Entry, Head, LedgerEntry, OpId};
use super::{Ambient, CHECKPOINT_FRAMES, Conflict, Error, Store, load};
use crate::domain::ballot::{self, Hand};
use crate::domain::change::{Change, Draft, Kind, PlanRecord, Record, Refusal, Subject, Way};
use crate::domain::district::{Plan, RoundIx, RoundKind};
use crate::domain::panel::BallotState;
use crate::domain::rectification::{self, Needs, RectificationState};
use crate::domain::round::{RoundRecord, RoundState, RoundStep};
use crate::domain::score;
use crate::domain::scoring::Basis;
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::{Date, Points};

/// Longest 理由, in characters.
const REASON: usize = 2_000;

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
        let stale = draft.base.is_some_and(|seen| seen != base);
        // The step of a round may say why by itself; whatever else a file holds has the file as its reason.
        let own = draft.change.reason.trim();
        let says_why = subject.kind == Kind::Round && !own.is_empty() && !own.starts_with("import ");
        let source = self.source.as_ref().filter(|_| !says_why);
        let reason = source.cloned().unwrap_or_else(|| draft.change.reason.clone());
        if reason.chars().count() > REASON {
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
        let json = after.as_ref().map(Record::json);
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

    fn checked_score(&self, change: &Change) -> Result<Option<Record>, Error> {
        let [round, project, criterion] = parts(&change.subject.key)?;
        let (round, state) = self.round_of(round, RoundKind::Assessment)?;
        let project_ix = self.plan.project_ix(project).ok_or_else(|| unknown(project))?;
        let rule = self.plan.rules.criterion(criterion).ok_or_else(|| unknown(criterion))?;
        let note = match &change.after {
            Some(Record::Score(s)) => s.note.as_str(),
            _ => "",
        };
        let reason = !change.reason.trim().is_empty() || !note.trim().is_empty();
        let matter = Matter { reason, ..Matter::in_round(&self.plan, round, project, state) };
        access::may(&self.actor, Action::Score, &matter)?;
        let mut after = change.after.clone();
        if let Some(Record::Score(s)) = &mut after {
            let points_and_not = s.points.is_none() != (s.basis == Basis::NotApplicable);
            if points_and_not {
                return Err(Error::invalid("不适用与分值不能并存", "points and n/a exclude each other"));
            }
            if s.points.is_none() && !reason {
                return Err(Error::ReasonNeeded);
            }
            // The writer may have seen facts of yesterday: suggestion and basis are those of this moment. An import decides
            // on what the transaction itself holds; undo and redo bring back what was.
            if !self.reversing && self.source.is_none() {
                let why = if note.trim().is_empty() { change.reason.as_str() } else { note };
                let now = self.snapshot().score_entry(round, project_ix, rule, s.points, why);
                let now = now.map_err(|refusal| Error::Invalid(refusal.text()))?;
                (s.basis, s.suggestion) = (now.basis, now.suggestion);
            }
            let rule = &self.plan.rules.criteria[rule];
            if !score::in_scope(self.plan.project(project_ix), &self.plan.rules) {
                return Err(Error::Invalid(Refusal::OutOfScope.text()));
            }
            if let Some(p) = s.points {
                if p < Points::ZERO || p > rule.points {
                    return Err(Error::Invalid(Refusal::Range { min: Points::ZERO, max: rule.points }.text()));
                }
                if p.0 % rule.step.0.max(1) != 0 && s.points != s.suggestion {
                    return Err(Error::Invalid(Refusal::Step { step: rule.step }.text()));
                }
            }
        }
        Ok(after)
    }

    /// How the changes of this operation come in.
    fn way(&self) -> Way {
        if self.actor.is_bootstrap() {
            Way::Bootstrap
        } else if self.source.is_some() {
            Way::Imported
        } else {
            Way::Typed
        }
    }

    fn checked_ballot(&self, change: &Change) -> Result<Option<Record>, Error> {
        let [round, judge, project] = parts(&change.subject.key)?;
        let (round, state) = self.round_of(round, RoundKind::Observation)?;
        let judge = self.plan.judge_ix(judge).ok_or_else(|| unknown(judge))?;
        let site = self.plan.project_ix(project).ok_or_else(|| unknown(project))?;
        let before = match &change.before {
            Some(Record::Ballot(b)) => Some(b),
            _ => None,
        };
        let matter =
            Matter { reason: !change.reason.trim().is_empty(), ..Matter::in_round(&self.plan, round, project, state) };
        let Some(Record::Ballot(wanted)) = &change.after else {
            access::may(&self.actor, Action::BallotEnter, &matter)?;
            if ballot::drops_silently(before, matter.reason) && !self.reversing {
                return Err(Error::ReasonNeeded);
            }
            return Ok(None);
        };
        if ballot::is_scored(wanted.state) != wanted.score.is_some() {
            return Err(Error::invalid("只有已录、已确认的票有分数", "a score belongs to an entered ballot, no other"));
        }
        let hand = Hand { login: &self.actor.login, way: self.way(), reason: matter.reason };
        let made = self.snapshot().ballot_entry(round, (judge, site), (wanted.state, wanted.score), hand);
        // An imported confirmation may turn out to be a first entry, which needs the right of one.
        let entered = made.as_ref().is_ok_and(|made| made.state == BallotState::Entered);
        let action = Action::of_ballot(if entered { BallotState::Entered } else { wanted.state });
        let by = before.and_then(|b| b.entered_by.clone()).filter(|_| action == Action::BallotConfirm);
        access::may(&self.actor, action, &Matter { other_than: by, ..matter })?;
        // Undo and redo bring back what was, where it may still be so.
        let back = |refused: &Refusal| {
            self.reversing && matches!(refused, Refusal::Differs | Refusal::NothingToConfirm | Refusal::ReasonNeeded)
        };
        match made {
            Ok(_) if self.reversing => Ok(change.after.clone()),
            Err(refused) if back(&refused) => Ok(change.after.clone()),
            Ok(made) => Ok(Some(Record::Ballot(made))),
            Err(Refusal::ReasonNeeded) => Err(Error::ReasonNeeded),
            Err(Refusal::Differs) => {
                let (seq, _) = ledger::current(self.conn, Kind::Ballot, &change.subject.key)?;
                Err(self.conflict(&change.subject, seq, change.before.clone(), change.after.clone())?)
            }
            Err(refused @ Refusal::NothingToConfirm) => Err(Error::State(refused.text())),
            Err(refused) => Err(Error::Invalid(refused.text())),
        }
    }

    fn checked_record(&self, change: &Change) -> Result<Option<Record>, Error> {
        let Subject { kind, key } = &change.subject;
        let project = match (kind, &change.after) {
            (Kind::Milestone | Kind::Progress, Some(_)) => key.split('/').next(),
            (_, Some(Record::Incident(i))) => Some(i.project.as_str()),
            _ => None,
        };
        if let Some(id) = project {
            let ix = self.plan.project_ix(id).ok_or_else(|| unknown(id))?;
            let name = key.split_once('/').map_or("", |(_, name)| name);
            if *kind == Kind::Milestone && !self.plan.milestones(ix).iter().any(|m| m.name == name) {
                return Err(unknown(name));
            }
        }
        self.known(*kind, key, change.after.as_ref())?;
        let needs = self.needs(change);
        let another = matches!(needs, Ok(Needs { another: true, .. }));
        let other_than = if another { self.submitter(key)? } else { None };
        let reason = !change.reason.trim().is_empty();
        // The right is needed over the record as it is and as it shall be.
        for value in [&change.before, &change.after] {
            if value.is_some() {
                let matter = Matter {
                    reason,
                    other_than: other_than.clone(),
                    ..Matter::of_record(&self.plan, *kind, key, value.as_ref(), self.today())
                };
                access::may(&self.actor, Action::of(change), &matter)?;
            }
        }
        if needs?.reason && !reason {
            return Err(Error::ReasonNeeded);
        }
        Ok(change.after.clone())
    }

    /// What a change of a record asks of the person, by the rules of its kind.
    fn needs(&self, change: &Change) -> Result<Needs, Error> {
        let (before, after) = match (&change.before, &change.after) {
            // A milestone that is not done any more has no record; any other that goes is missed by somebody.
            (_, None) => return Ok(Needs { reason: change.subject.kind != Kind::Milestone, another: false }),
            (Some(Record::Rectification(b)), Some(Record::Rectification(a))) => (Some(b), a),
            (_, Some(Record::Rectification(a))) => (None, a),
            _ => return Ok(Needs::default()),
        };
        if self.reversing {
            // It was so before; but nobody closes again what he has submitted.
            let closes = after.state == RectificationState::Closed;
            return Ok(Needs { reason: false, another: closes });
        }
        Ok(rectification::change(before, after, self.way(), self.today())?)
    }

    /// Who submitted a rectification last; taking back a return or a closing submits nothing.
    fn submitter(&self, id: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT actor FROM ledger WHERE kind = 'rectification' AND key = ?1
                   AND after ->> '$.state' = 'submitted' AND reason NOT LIKE 'undo #%'
                   AND coalesce(before ->> '$.state', '') NOT IN ('submitted', 'closed') ORDER BY seq DESC LIMIT 1";
        Ok(self.conn.query_row(sql, [id], |r| r.get(0)).optional()?)
    }

    /// The plan has what a record names: units, indicators, goals, quota plans.
    fn known(&self, kind: Kind, key: &str, value: Option<&Record>) -> Result<(), Error> {
        let (first, plan) = (key.split('/').next().unwrap_or(key), &self.plan);
        let codes: Vec<&String> = match value {
            None => return Ok(()),
            Some(Record::Rectification(r)) => vec![&r.unit],
            Some(Record::Attraction(a)) => a.credits.iter().chain(&a.host).collect(),
            Some(Record::Resolution(r)) => vec![&r.unit],
            Some(_) => Vec::new(),
        };
        if let Some(code) = codes.into_iter().find(|code| plan.unit_ix(code).is_none()) {
            return Err(unknown(code));
        }
        let there = match kind {
            Kind::Indicator => plan.targets.indicators.iter().any(|i| i.id == first),
            Kind::Goal => plan.targets.goals.iter().any(|g| g.id == first),
            Kind::Resolution => {
                let label = key.split_once('/').map_or("", |(_, label)| label);
                let quotas = plan.targets.quota_plans.iter().filter(|q| q.id == first).flat_map(|q| &q.quotas);
                let quota = quotas.into_iter().find(|q| q.label == label).ok_or_else(|| unknown(key))?;
                if quota.unit.is_some() {
                    return Err(Error::invalid(
                        format!("计划已写明「{label}」是哪个单位，不用认定"),
                        format!("the plan states which unit {label} is: there is nothing to resolve"),
                    ));
                }
                true
            }
            _ => true,
        };
        if there { Ok(()) } else { Err(unknown(first)) }
    }

    /// A round is stated by the state it shall have; the store adds revision and documents.
    fn checked_round(&self, change: &Change) -> Result<Option<Record>, Error> {
        let id = &change.subject.key;
        let round = self.plan.round_ix(id).ok_or_else(|| unknown(id))?;
        let before = match &change.before {
            Some(Record::Round(r)) => r.clone(),
            _ => RoundRecord::default(),
        };
        let Some(Record::Round(wanted)) = &change.after else {
            return Err(Error::invalid("轮次记录不能删除", "the record of a round is never withdrawn"));
        };
        // A file lists all steps that ever were: those behind us are no new ones.
        if wanted.state == before.state || (self.source.is_some() && wanted.state < before.state) {
            return Ok(None);
        }
        const STEPS: [RoundStep; 5] =
            [RoundStep::Open, RoundStep::Seal, RoundStep::Reopen, RoundStep::Publish, RoundStep::Finalise];
        let step = STEPS
            .into_iter()
            .find(|s| s.from(before.state) == Some(wanted.state))
            .ok_or(Error::RoundState(before.state))?;
        let last_author = if step == RoundStep::Seal { self.last_author(id)? } else { None };
        let matter = Matter {
            reason: !change.reason.trim().is_empty(),
            round: Some(before.state),
            other_than: last_author,
            ..Matter::default()
        };
        access::may(&self.actor, Action::Round(step), &matter)?;
        let before_state = before.state;
        let mut after = RoundRecord { state: wanted.state, date: wanted.date.or(Some(self.today())), ..before };
        match step {
            RoundStep::Open => self.may_open(round)?,
            RoundStep::Reopen => {
                (after.results_sha256, after.rules_sha256) = (None, None);
                after.correction |= before_state == RoundState::Published;
            }
            RoundStep::Seal => self.seal(round, &mut after)?,
            RoundStep::Publish | RoundStep::Finalise => {}
        }
        Ok(Some(Record::Round(after)))
    }

    fn last_author(&self, round: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT actor FROM ledger WHERE kind IN ('score', 'ballot') AND key >= ?1 || '/' AND key < ?1 || '0'
                   ORDER BY seq DESC LIMIT 1";
        Ok(self.conn.query_row(sql, [round], |r| r.get(0)).optional()?)
    }

    fn may_open(&self, round: RoundIx) -> Result<(), Error> {
        let (plan, stated) = (&self.plan, self.plan.round(round));
        let empty = match stated.kind {
            RoundKind::Assessment => !plan.projects.iter().any(|p| score::in_scope(p, &plan.rules)),
            RoundKind::Observation => stated.sites.is_empty() || plan.district.judges.is_empty(),
        };
        if empty {
            Err(Error::invalid(
                "本轮没有可评的项目或评委，不能开轮",
                "the round has no projects or judges: it cannot be opened",
            ))
        } else {
            Ok(())
        }
    }

    /// Freezes the results of a round and the rules they follow from.
    fn seal(&self, round: RoundIx, record: &mut RoundRecord) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let open = snapshot.unsettled(round);
        if open.count() > 0 {
            return Err(Error::Blocked(open.text(&self.plan, round)));
        }
        let results = snapshot.results(round);
        let (_, plan) = ledger::current(self.conn, Kind::Plan, "plan")?;
        let Some(Record::Plan(plan)) = plan.as_deref().map(|json| load::read(Kind::Plan, json)).transpose()? else {
            return Err(Error::damaged("台账里没有计划", "the ledger holds no plan"));
        };
        record.results_sha256 = Some(document(self.conn, &results)?);
        record.rules_sha256 = Some(plan.scoring_sha256);
        record.revision += 1;
        Ok(())
    }

    /// Puts a plan into force; the caller holds a connection that may write the typed plan tables.
    pub(super) fn plan(&mut self, texts: [(&str, &str); 4], plan: Plan, reason: &str) -> Result<(), Error> {
        access::may(&self.actor, Action::ApplyPlan, &Matter { reason: !reason.is_empty(), ..Matter::default() })?;
        let text = |name: &str| {
            texts
                .iter()
                .find(|(n, _)| n.trim_end_matches(".toml") == name)
                .map(|(_, text)| *text)
                .ok_or_else(|| Error::Failed(format!("{name}.toml")))
        };
        let record = PlanRecord {
            district_sha256: document(self.conn, text("district")?)?,
            projects_sha256: document(self.conn, text("projects")?)?,
            scoring_sha256: document(self.conn, text("scoring")?)?,
            targets_sha256: document(self.conn, text("targets")?)?,
        };
        let subject = Subject::new(Kind::Plan, &["plan"]);
        let (base, stored) = ledger::current(self.conn, Kind::Plan, &subject.key)?;
        let before = self.seqs.len();
        self.put(&subject, base, stored.as_deref(), Some(Record::Plan(record)), reason)?;
        if self.seqs.len() > before {
            load::write_plan(self.conn, &plan)?;
            self.plan = Arc::new(plan);
            self.facts = load::facts(self.conn, &self.plan)?;
        }
        Ok(())
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

    /// One step of a round's life.
    ///
    /// # Errors
    /// As [`Store::save`]; or the round is not in a state for it, or something in it is still open.
    pub fn round_step(&mut self, actor: &Actor, round: &str, step: RoundStep, reason: &str) -> Result<Vec<u64>, Error> {
        let op_id = (self.ambient.op_id)()?;
        self.operation(actor, op_id, |this| {
            let ix = this.plan.round_ix(round).ok_or_else(|| unknown(round))?;
            let from = this.state(ix);
            let state = step.from(from).ok_or(Error::RoundState(from))?;
            let after = Some(Record::Round(RoundRecord { state, ..RoundRecord::default() }));
            let subject = Subject::new(Kind::Round, &[round]);
            this.append(&[Draft {
                change: Change { subject, before: None, after, reason: reason.to_owned() },
                base: None,
            }])
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

    /// Puts a plan into force: texts by the names `district`, `projects`, `scoring`, `targets`, and what they mean.
    ///
    /// # Errors
    /// As [`Store::save`]; or the plan is that of another district.
    pub fn apply_plan(
        &mut self,
        actor: &Actor,
        texts: [(&str, &str); 4],
        plan: &Plan,
        reason: &str,
    ) -> Result<Vec<u64>, Error> {
        if plan.district.id != self.plan.district.id {
            return Err(Error::invalid(
                format!("计划属于「{}」，数据库属于「{}」", plan.district.id, self.plan.district.id),
                format!("the plan is of {}, the database of {}", plan.district.id, self.plan.district.id),
            ));
        }
        let op_id = (self.ambient.op_id)()?;
        super::unguard(&mut self.conn)?;
        let saved = self.operation(actor, op_id, |step| step.plan(texts, plan.clone(), reason));
        super::guard(&mut self.conn)?;
        saved
    }

    /// Takes back the person's newest operation that is not taken back yet.
    ///
    /// # Errors
    /// There is none; somebody changed one of its records since; or it is not permitted any more.
    pub fn undo(&mut self, actor: &Actor) -> Result<Vec<u64>, Error> {
        self.turn_back(actor, "undo")
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

    /// One immediate transaction; acknowledged only when it is on disk.
    fn operation(
        &mut self,
        actor: &Actor,
        op_id: OpId,
        mut fill: impl FnMut(&mut Step<'_>) -> Result<(), Error>,
    ) -> Result<Vec<u64>, Error> {
        for attempt in 0..2 {
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
            // The same operation again is a retry of one that was saved.
            match ledger::of_operation(&self.conn, op_id) {
                Ok(found) if found.is_empty() => {}
                found => {
                    self.roll_back();
                    return Ok(found?);
                }
            }
            let filled = Step::new(&self.conn, self.ambient, actor, op_id, &self.plan, &self.facts)
                .and_then(|mut step| fill(&mut step).map(|()| step.into_state()));
            let (plan, facts, head, seqs) = match filled {
                Ok(state) => state,
                Err(e) => {
                    self.roll_back();
                    return Err(e);
                }
            };
            if seqs.is_empty() {
                self.roll_back();
                return Ok(seqs);
            }
            match self.conn.execute_batch("COMMIT") {
                Ok(()) => {
                    (self.plan, self.facts) = (plan, facts);
                    // Not ringing delays others; it does not undo what is saved.
                    let _ = self.bell.ring(&head);
                    self.checkpoint();
                    return Ok(seqs);
                }
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    self.roll_back();
                    return Err(Error::Busy);
                }
                // An error of COMMIT does not say that it did not happen: open anew and look.
                Err(_) => {
                    self.roll_back();
                    if let Some(found) = self.settled(op_id) {
                        return Ok(found);
                    }
                    if attempt == 1 {
                        break;
                    }
                }
            }
        }
        Err(Error::Unknown(op_id))
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit() {
            // Nothing to be done about a failure: the next BEGIN reports it.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    /// Entries of an operation whose COMMIT failed, as seen by a new connection.
    fn settled(&mut self, op_id: OpId) -> Option<Vec<u64>> {
        let anew = Self::open_with(&self.path, None, self.ambient).ok()?;
        *self = anew;
        ledger::of_operation(&self.conn, op_id).ok().filter(|seqs| !seqs.is_empty())
    }

    /// Moves the WAL into the file when it has grown, after the save is acknowledged on disk.
    fn checkpoint(&self) {
        if self.frames.load(Ordering::Relaxed) >= CHECKPOINT_FRAMES {
            // One that cannot finish is tried again by the next commit.
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |r| r.get::<_, i64>(0));
        }
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
        "SELECT {} FROM ledger WHERE actor = ?1 AND kind NOT IN ('round', 'plan') AND reason NOT LIKE 'import %'
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
