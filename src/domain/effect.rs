//! 影响. What an entry of the ledger moves: score, unit and rank of the district as it is, and as it would be without
//! that entry.

use std::sync::Arc;

use super::board::BoardRow;
use super::change::{Kind, Record, Subject};
use super::district::{Plan, ProjectIx, RoundIx, UnitIx};
use super::project::BoardKind;
use super::round::RoundState;
use super::snapshot::{Facts, Kept, Snapshot};
use super::value::Points;

/// Without the entry, and with it.
pub type Moved<T> = (T, T);

/// What an entry moves for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfUnit {
    /// The unit.
    pub unit: UnitIx,
    /// The figure that its board is ranked by.
    pub score: Moved<Option<Points>>,
    /// 名次
    pub rank: Moved<Option<u32>>,
}

/// 影响
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The round.
    pub round: RoundIx,
    /// The project.
    pub project: ProjectIx,
    /// Its score in an assessment, the mean of its ballots in an observation.
    pub score: Moved<Option<Points>>,
    /// The units that answer for it, headquarters first.
    pub units: Vec<OfUnit>,
}

/// Why nothing can be said about what an entry moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Records of that kind are not part of a score.
    NoFigure,
    /// The record was changed again since, or its thing is not in the plan any more.
    Superseded,
    /// The results of the round stand in its document.
    Frozen(RoundState),
}

/// The round and the project that a record is part of.
fn part_of(data: &Snapshot, subject: &Subject, record: &Record) -> Option<(RoundIx, ProjectIx)> {
    let project = data.plan.project_ix(subject.project(Some(record))?)?;
    let round = match subject.kind {
        Kind::Score | Kind::Ballot => data.plan.round_ix(subject.key.split('/').next()?),
        _ => data.assessment_round(),
    };
    Some((round?, project))
}

/// Puts the record before the entry back into the facts; none where the record is not what the entry left.
fn take_back(
    plan: &Plan,
    facts: &mut Facts,
    (kind, key): (Kind, &str),
    (before, after): (Option<&Record>, Option<&Record>),
) -> Option<()> {
    let parts: Vec<&str> = key.split('/').collect();
    match (kind, &parts[..]) {
        (Kind::Score, [round, project, criterion]) => {
            let place = (plan.project_ix(project)?, plan.rules.criterion(criterion)?);
            let table = &mut Arc::make_mut(&mut facts.scores)[plan.round_ix(round)?.at()];
            let now = table.remove(&place).map(|k| Record::Score(k.value));
            if let Some(Record::Score(value)) = before {
                table.insert(place, Kept { seq: 0, value: value.clone() });
            }
            (now.as_ref() == after).then_some(())
        }
        (Kind::Ballot, [round, judge, project]) => {
            let place = (plan.project_ix(project)?, plan.judge_ix(judge)?);
            let table = &mut Arc::make_mut(&mut facts.ballots)[plan.round_ix(round)?.at()];
            let now = table.remove(&place).map(|k| Record::Ballot(k.value));
            if let Some(Record::Ballot(value)) = before {
                table.insert(place, Kept { seq: 0, value: value.clone() });
            }
            (now.as_ref() == after).then_some(())
        }
        (Kind::Milestone, [project, name]) => {
            let project = plan.project_ix(project)?;
            let place = plan.milestones(project).iter().position(|m| m.name == *name)?;
            let place = plan.project(project).milestones.start as usize + place;
            let day =
                |record: Option<&Record>| if let Some(Record::Milestone(m)) = record { Some(m.done) } else { None };
            let now = std::mem::replace(&mut Arc::make_mut(&mut facts.done)[place], day(before));
            (now == day(after)).then_some(())
        }
        (Kind::Progress, [project, day]) => {
            let day = day.parse().ok()?;
            let reports = &mut Arc::make_mut(&mut facts.progress)[plan.project_ix(project)?.at()];
            let place = reports.iter().position(|(d, _)| *d == day)?;
            let (_, now) = reports.remove(place);
            if let Some(Record::Progress(value)) = before {
                reports.insert(place, (day, value.clone()));
            }
            (Some(&Record::Progress(now)) == after).then_some(())
        }
        (Kind::Incident, _) => keyed(&mut facts.incidents, key, after, before, Record::Incident, |r| match r {
            Record::Incident(i) => Some(i.clone()),
            _ => None,
        }),
        (Kind::Rectification, _) => {
            keyed(&mut facts.rectifications, key, after, before, Record::Rectification, |r| match r {
                Record::Rectification(r) => Some(r.clone()),
                _ => None,
            })
        }
        _ => None,
    }
}

fn keyed<T: Clone>(
    table: &mut super::snapshot::Keyed<T>,
    key: &str,
    after: Option<&Record>,
    before: Option<&Record>,
    wrap: fn(T) -> Record,
    unwrap: fn(&Record) -> Option<T>,
) -> Option<()> {
    let list = Arc::make_mut(table);
    let place = list.iter().position(|(k, _)| k == key)?;
    let (key, now) = list.remove(place);
    if let Some(value) = before.and_then(unwrap) {
        list.insert(place, (key, Kept { seq: 0, value }));
    }
    (Some(&wrap(now.value)) == after).then_some(())
}

/// The score of a project in a round.
fn score(data: &Snapshot, round: RoundIx, project: ProjectIx) -> Option<Points> {
    match data.assessment(round) {
        Some(assessment) => assessment.scores.get(project.at())?.score,
        None => data.panels(round)?.iter().find(|p| p.project == project)?.score,
    }
}

fn row(data: &Snapshot, round: RoundIx, kind: BoardKind, unit: UnitIx) -> Option<&BoardRow> {
    let board = data.board(round, kind, data.default_measure(round))?;
    board.rows.iter().find(|r| r.unit == Some(unit))
}

/// What an entry moves, from the state of the district with it and without it.
///
/// # Errors
/// The figures do not follow from this entry alone.
pub fn of_entry(
    data: &Snapshot,
    (kind, key): (Kind, &str),
    (before, after): (Option<&Record>, Option<&Record>),
) -> Result<Effect, Unknown> {
    let record = after.or(before).ok_or(Unknown::NoFigure)?;
    let subject = Subject { kind, key: key.to_owned() };
    let (round, project) = part_of(data, &subject, record).ok_or(Unknown::NoFigure)?;
    let state = data.round_state(round);
    if state.is_frozen() {
        return Err(Unknown::Frozen(state));
    }
    let mut facts = data.facts.clone();
    take_back(&data.plan, &mut facts, (kind, key), (before, after)).ok_or(Unknown::Superseded)?;
    let without = Snapshot::new(Arc::clone(&data.plan), facts, data.today, data.as_of);
    let at = data.round_date(round);
    let units = [BoardKind::Headquarters, BoardKind::Towns]
        .into_iter()
        .flat_map(|kind| data.plan.project(project).holders(kind, at).into_iter().map(move |(unit, _)| (kind, unit)));
    let of_unit = |(kind, unit)| {
        let (old, new) = (row(&without, round, kind, unit), row(data, round, kind, unit));
        OfUnit {
            unit,
            score: (old.and_then(|r| r.score), new.and_then(|r| r.score)),
            rank: (old.and_then(|r| r.rank), new.and_then(|r| r.rank)),
        }
    };
    Ok(Effect {
        round,
        project,
        score: (score(&without, round, project), score(data, round, project)),
        units: units.map(of_unit).collect(),
    })
}
