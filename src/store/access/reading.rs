//! 可见. What somebody may see of the figures, single ballots and entries; each of these rules stands here alone.

use super::{Action, Actor, Matter, may};
use crate::domain::change::Kind;
use crate::domain::district::{Plan, ProjectIx, RoundIx, UnitIx};
use crate::domain::round::RoundState;
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::Date;
use crate::store::{Error, LedgerEntry};

/// Whether somebody may see the boards of a round: whoever may see some project of it sees the figures of all units.
///
/// # Errors
/// Not permitted.
pub fn sees_round(data: &Snapshot, actor: &Actor, round: RoundIx) -> Result<(), Error> {
    let matter = Matter { round: Some(data.round_state(round)), units: actor.units.clone(), ..Matter::default() };
    may(actor, Action::ReadRound, &matter)
}

/// Whether somebody may see the figures of a project in a round.
///
/// # Errors
/// Not permitted.
pub fn sees_project(data: &Snapshot, actor: &Actor, round: RoundIx, project: ProjectIx) -> Result<(), Error> {
    may(actor, Action::ReadRound, &of_project(data, round, project))
}

/// Whether somebody may see the single ballots for a site of a round.
///
/// # Errors
/// Not permitted.
pub fn sees_ballots(data: &Snapshot, actor: &Actor, round: RoundIx, site: ProjectIx) -> Result<(), Error> {
    may(actor, Action::ReadBallots, &of_project(data, round, site))
}

fn of_project(data: &Snapshot, round: RoundIx, project: ProjectIx) -> Matter {
    Matter::in_round(&data.plan, round, &data.plan.project(project).id, data.round_state(round))
}

/// The rounds whose boards somebody may not see.
#[must_use]
pub fn hidden_rounds(data: &Snapshot, actor: &Actor) -> Vec<RoundIx> {
    data.round_ixs().filter(|r| sees_round(data, actor, *r).is_err()).collect()
}

/// The newest round that is not a draft and whose boards somebody may see; of two of one day the assessment.
#[must_use]
pub fn newest_seen(data: &Snapshot, actor: &Actor) -> Option<RoundIx> {
    data.newest(|r| data.round_state(r) != RoundState::Draft && sees_round(data, actor, r).is_ok())
}

/// Whether somebody may read an entry of the ledger: one of a ballot only where he may see that ballot.
#[must_use]
pub fn may_read(plan: &Plan, facts: &Facts, actor: &Actor, entry: &LedgerEntry, day: Date) -> bool {
    let matter = of_entry(plan, facts, entry, day);
    let ballot = entry.kind == Some(Kind::Ballot);
    may(actor, Action::ReadHistory, &matter).is_ok() && (!ballot || may(actor, Action::ReadBallots, &matter).is_ok())
}

/// Whether an entry is of something that belongs to the unit.
#[must_use]
pub fn belongs_to(plan: &Plan, facts: &Facts, entry: &LedgerEntry, day: Date, unit: UnitIx) -> bool {
    of_entry(plan, facts, entry, day).units.contains(&unit)
}

/// Whose entry it is; of a round that is not in the plan any more it is the whole district's.
fn of_entry(plan: &Plan, facts: &Facts, entry: &LedgerEntry, day: Date) -> Matter {
    let Some(kind) = entry.kind else { return Matter::default() };
    let mut parts = entry.key.split('/');
    if let (Kind::Score | Kind::Ballot, Some(round), Some(second), Some(third)) =
        (kind, parts.next(), parts.next(), parts.next())
        && let Some(round) = plan.round_ix(round)
    {
        let project = if kind == Kind::Score { second } else { third };
        return Matter::in_round(plan, round, project, facts.round_state(round));
    }
    let value = entry.after().or_else(|| entry.before());
    Matter::of_record(plan, kind, &entry.key, value.as_ref(), day)
}
