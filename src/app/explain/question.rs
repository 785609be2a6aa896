//! 追问. What a question is about: who may hear its answer, which records it rests on, what a command calls it.

use std::collections::BTreeSet;

use crate::domain::change::Subject;
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::explain::{Derivation, Question};
use crate::domain::project::Commitment;
use crate::domain::snapshot::Snapshot;
use crate::store::{self, Actor, access};

/// How a figure came about, for somebody who may see it; projects and sites only for somebody who may see those, single
/// ballots likewise.
///
/// # Errors
/// The figures of that round are not for this person.
pub fn derivation(data: &Snapshot, actor: &Actor, question: &Question) -> Result<Derivation, store::Error> {
    sees(data, actor, question)?;
    let ballots = match *question {
        Question::Panel { project, round } => access::sees_ballots(data, actor, round, project).is_ok(),
        _ => false,
    };
    let mut derivation = data.explain(question, ballots);
    // Who may see the total of a unit does not see the projects that it is made of, unless they are in his scope.
    derivation.keep(&|step| step.more.as_ref().is_none_or(|more| sees(data, actor, more).is_ok()));
    Ok(derivation)
}

fn sees(data: &Snapshot, actor: &Actor, question: &Question) -> Result<(), store::Error> {
    match *question {
        Question::Project { project, round: Some(round) } | Question::Panel { project, round } => {
            access::sees_project(data, actor, round, project)
        }
        Question::Unit { round, .. } => access::sees_round(data, actor, round),
        _ => Ok(()),
    }
}

/// The question as a command takes it, with its round.
#[must_use]
pub fn subject(data: &Snapshot, question: &Question) -> (String, Option<RoundIx>) {
    let plan = &data.plan;
    let id = |project: ProjectIx| &plan.project(project).id;
    match *question {
        Question::Project { project, round } => (format!("project:{}", id(project)), round),
        Question::Panel { project, round } => (format!("panel:{}", id(project)), Some(round)),
        Question::Unit { unit: Some(unit), round, .. } => (format!("unit:{}", plan.unit(unit).code), Some(round)),
        Question::Unit { unit: None, round, .. } => ("unit:none".to_owned(), Some(round)),
        Question::Quota { plan: place, row } => {
            let quotas = &plan.targets.quota_plans[place];
            let called = row.map(|row| {
                let unit = data.quota_plans()[place].rows[row].unit;
                unit.map_or(quotas.quotas[row].label.as_str(), |u| plan.unit(u).code.as_str())
            });
            (called.map_or_else(|| format!("quota:{}", quotas.id), |row| format!("quota:{}/{row}", quotas.id)), None)
        }
        Question::Indicator(place) => (format!("indicator:{}", plan.targets.indicators[place].id), None),
        Question::Goal(place) => (format!("goal:{}", plan.targets.goals[place].id), None),
        Question::Rectification(place) => (format!("rectification:{}", data.facts.rectifications[place].0), None),
        Question::Tally(None) => ("tally:all".to_owned(), None),
        Question::Tally(Some(Commitment::Must)) => ("tally:must".to_owned(), None),
        Question::Tally(Some(Commitment::Stretch)) => ("tally:stretch".to_owned(), None),
    }
}

/// The records that a derivation rests on, each once.
#[must_use]
pub fn sources(derivation: &Derivation) -> Vec<Subject> {
    let all: BTreeSet<&Subject> = derivation.walk().filter_map(|(_, step)| step.source.as_ref()).collect();
    all.into_iter().cloned().collect()
}

/// The same question after the data has changed; none where its subject is gone.
pub(super) fn again(question: &Question, old: &Snapshot, new: &Snapshot) -> Option<Question> {
    let project = |ix: ProjectIx| new.plan.project_ix(&old.plan.project(ix).id);
    let round = |ix: RoundIx| new.plan.round_ix(&old.plan.round(ix).id);
    let unit = |ix: UnitIx| new.plan.unit_ix(&old.plan.unit(ix).code);
    let (was, is) = (&old.plan.targets, &new.plan.targets);
    Some(match *question {
        Question::Project { project: p, round: r } => {
            Question::Project { project: project(p)?, round: r.and_then(round) }
        }
        Question::Unit { board, unit: Some(u), round: r } => {
            Question::Unit { board, unit: Some(unit(u)?), round: round(r)? }
        }
        Question::Unit { board, unit: None, round: r } => Question::Unit { board, unit: None, round: round(r)? },
        Question::Panel { project: p, round: r } => Question::Panel { project: project(p)?, round: round(r)? },
        Question::Quota { plan, row } => {
            let quotas = was.quota_plans.get(plan)?;
            let plan = is.quota_plans.iter().position(|p| p.id == quotas.id)?;
            let place = |row: usize| {
                let label = &quotas.quotas.get(row)?.label;
                is.quota_plans[plan].quotas.iter().position(|q| q.label == *label)
            };
            match row {
                None => Question::Quota { plan, row: None },
                Some(row) => Question::Quota { plan, row: Some(place(row)?) },
            }
        }
        Question::Indicator(i) => {
            let id = &was.indicators.get(i)?.id;
            Question::Indicator(is.indicators.iter().position(|x| x.id == *id)?)
        }
        Question::Goal(i) => {
            let id = &was.goals.get(i)?.id;
            Question::Goal(is.goals.iter().position(|x| x.id == *id)?)
        }
        Question::Rectification(i) => {
            let (id, _) = old.facts.rectifications.get(i)?;
            Question::Rectification(new.facts.rectifications.iter().position(|(x, _)| x == id)?)
        }
        Question::Tally(kind) => Question::Tally(kind),
    })
}
