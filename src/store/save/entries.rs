//! 评分、打分票. What is looked at before a score or a ballot is stored.

use super::{Step, parts, unknown};
use crate::domain::ballot::{self, Hand};
use crate::domain::change::{Change, Kind, Record, Refusal, Way};
use crate::domain::district::RoundKind;
use crate::domain::panel::BallotState;
use crate::domain::score;
use crate::domain::scoring::Basis;
use crate::domain::value::Points;
use crate::store::access::{self, Action, Matter};
use crate::store::{Error, ledger};

impl Step<'_> {
    pub(super) fn checked_score(&self, change: &Change) -> Result<Option<Record>, Error> {
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
    pub(super) fn way(&self) -> Way {
        if self.actor.is_bootstrap() {
            Way::Bootstrap
        } else if self.source.is_some() {
            Way::Imported
        } else {
            Way::Typed
        }
    }

    pub(super) fn checked_ballot(&self, change: &Change) -> Result<Option<Record>, Error> {
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
}
