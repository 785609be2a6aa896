//! 轮次. The steps of a round: who may take one, what it needs, and what a seal freezes.

use rusqlite::OptionalExtension;

use super::{Step, document, unknown};
use crate::domain::change::{Change, Draft, Kind, Record, Subject};
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::round::{RoundRecord, RoundState, RoundStep};
use crate::domain::score;
use crate::store::access::{self, Action, Actor, Matter};
use crate::store::{Error, Store, ledger, load};

impl Step<'_> {
    /// A round is stated by the state it shall have; the store adds revision and documents.
    pub(super) fn checked_round(&self, change: &Change) -> Result<Option<Record>, Error> {
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
        let step = STEPS.into_iter().find(|s| s.from(before.state) == Some(wanted.state)).ok_or_else(|| {
            let any = access::may(&self.actor, Action::Round(RoundStep::Open), &Matter::default());
            any.err().unwrap_or(Error::RoundState(before.state))
        })?;
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
}

impl Store {
    /// One step of a round's life.
    ///
    /// # Errors
    /// As [`Store::save`]; or the round is not in a state for it, or something in it is still open.
    pub fn round_step(&mut self, actor: &Actor, round: &str, step: RoundStep, reason: &str) -> Result<Vec<u64>, Error> {
        let op_id = (self.ambient.op_id)()?;
        self.operation(actor, op_id, |this| {
            let ix = this.plan.round_ix(round).ok_or_else(|| unknown(round))?;
            let from = this.state(ix);
            // The right comes before the state.
            let matter = Matter { reason: !reason.trim().is_empty(), round: Some(from), ..Matter::default() };
            access::may(&this.actor, Action::Round(step), &matter)?;
            let state = step.from(from).ok_or(Error::RoundState(from))?;
            let after = Some(Record::Round(RoundRecord { state, ..RoundRecord::default() }));
            let subject = Subject::new(Kind::Round, &[round]);
            this.append(&[Draft {
                change: Change { subject, before: None, after, reason: reason.to_owned() },
                base: None,
            }])
        })
    }
}
