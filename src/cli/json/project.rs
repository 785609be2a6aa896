//! `dukao projects --json` and `dukao project ID --json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{SCHEMA, number};
use crate::domain::change::Reported;
use crate::domain::district::{JudgeIx, ProjectIx, RoundIx};
use crate::domain::panel::{BallotState, Panel};
use crate::domain::project::{
    BoardKind, Commitment, Light, MilestoneKind, ProjectState, Status as ProjectStatus, late_days,
};
use crate::domain::score::{self, ProjectScore, ScoreState};
use crate::domain::scoring::{Basis, Criterion};
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::{Currency, Date, Money, Points};

/// One project as the list shows it.
#[derive(Serialize)]
pub struct Project<'a> {
    id: &'a str,
    name: &'a str,
    commitment: Commitment,
    headquarters: &'a str,
    town: Option<&'a str>,
    town_shares: Option<BTreeMap<&'a str, u16>>,
    state: ProjectState,
    status: ProjectStatus,
    light: Option<Light>,
    lag_days: Option<i64>,
    reported: Option<Reported>,
    total_investment_yuan: Option<i64>,
    total_investment: Option<Amount>,
    service_officer: Option<&'a str>,
    next_milestone: Option<NextMilestone<'a>>,
}

/// An amount that is not in yuan.
#[derive(Serialize)]
struct Amount {
    amount: i64,
    currency: Currency,
}

#[derive(Serialize)]
struct NextMilestone<'a> {
    name: &'a str,
    due: Date,
}

fn foreign(money: Option<Money>) -> Option<Amount> {
    money.filter(|m| m.in_yuan().is_none()).map(|m| Amount { amount: m.amount, currency: m.currency })
}

/// One project as the list shows it.
#[must_use]
pub fn project(data: &Snapshot, ix: ProjectIx) -> Project<'_> {
    let (plan, at) = (&data.plan, data.board_date());
    let p = plan.project(ix);
    let standing = data.standing(ix);
    let code = |unit| plan.unit(unit).code.as_str();
    let towns = p.holders(BoardKind::Towns, at);
    Project {
        id: &p.id,
        name: &p.name,
        commitment: p.commitment,
        headquarters: code(p.headquarters_at(at)),
        town: p.town_at(at).map(code),
        town_shares: (towns.len() > 1).then(|| towns.iter().map(|(unit, share)| (code(*unit), *share)).collect()),
        state: p.state,
        status: standing.status,
        light: standing.light,
        lag_days: standing.lag_days,
        reported: data.progress_at(ix, at).and_then(|(_, r)| r.reported),
        total_investment_yuan: p.total_investment.and_then(Money::in_yuan),
        total_investment: foreign(p.total_investment),
        service_officer: p.service_officer.as_deref(),
        next_milestone: standing.next.map(|place| {
            let m = &plan.milestones(ix)[place];
            NextMilestone { name: &m.name, due: m.due }
        }),
    }
}

/// `dukao projects`
#[derive(Serialize)]
pub struct Projects<'a> {
    schema: u32,
    as_of: Date,
    projects: Vec<Project<'a>>,
}

/// The projects given, in that order.
#[must_use]
pub fn projects<'a>(data: &'a Snapshot, of: &[ProjectIx]) -> Projects<'a> {
    Projects { schema: SCHEMA, as_of: data.board_date(), projects: of.iter().map(|ix| project(data, *ix)).collect() }
}

/// `dukao project ID`
#[derive(Serialize)]
pub struct Dossier<'a> {
    schema: u32,
    as_of: Date,
    #[serde(flatten)]
    project: Project<'a>,
    milestones: Vec<Milestone<'a>>,
    score: Option<Score<'a>>,
    panel: Option<PanelFigures<'a>>,
}

#[derive(Serialize)]
struct Milestone<'a> {
    name: &'a str,
    kind: MilestoneKind,
    due: Date,
    done: Option<Date>,
    weight: u32,
    late_days: Option<i64>,
}

#[derive(Serialize)]
struct Score<'a> {
    round: &'a str,
    state: ScoreState,
    parts: Vec<Part<'a>>,
    applicable_points: Value,
    bonus: Value,
    deductions: Vec<Deduction<'a>>,
    deduction_total: Value,
    veto: bool,
    score: Value,
    task_points: Option<u16>,
    earned_points: Value,
}

#[derive(Serialize)]
struct Part<'a> {
    criterion: &'a str,
    points: Value,
    max: Value,
    basis: Basis,
    seq: Option<u64>,
}

#[derive(Serialize)]
struct Deduction<'a> {
    kind: &'a str,
    count: u32,
    points: Value,
}

#[derive(Serialize)]
struct PanelFigures<'a> {
    round: &'a str,
    valid: usize,
    trimmed_per_side: usize,
    removed: Vec<Value>,
    score: Value,
    absent: usize,
    recused: usize,
    /// In the order of the plan's judges; null for who may not see single ballots.
    ballots: Option<Vec<Ballot<'a>>>,
}

#[derive(Serialize)]
struct Ballot<'a> {
    judge: &'a str,
    state: BallotState,
    score: Value,
    seq: u64,
}

fn score_of<'a>(data: &'a Snapshot, round: RoundIx, s: &'a ProjectScore) -> Score<'a> {
    let rules = &data.plan.rules;
    let outside = matches!(s.state, ScoreState::OutOfScope);
    let within = |p: Points| if outside { Value::Null } else { p.json() };
    let part = |(criterion, part): (&'a Criterion, &score::Part)| Part {
        criterion: &criterion.id,
        points: number(part.points),
        max: criterion.points.json(),
        basis: part.basis,
        seq: part.seq,
    };
    Score {
        round: &data.plan.round(round).id,
        state: s.state,
        parts: rules.criteria.iter().zip(&s.parts).map(part).collect(),
        applicable_points: within(s.applicable),
        bonus: within(s.bonus),
        deductions: s
            .deductions
            .iter()
            .map(|d| Deduction { kind: &d.kind, count: d.count, points: d.points.json() })
            .collect(),
        deduction_total: within(s.deduction_total),
        veto: s.veto,
        score: number(s.score),
        task_points: s.task_points,
        earned_points: number(s.earned_points),
    }
}

fn ballots(data: &Snapshot, round: RoundIx, site: ProjectIx) -> Vec<Ballot<'_>> {
    let judges = (0_u16..).map(JudgeIx).zip(&data.plan.district.judges);
    judges
        .filter_map(|(ix, judge)| {
            let Kept { seq, value } = data.ballot(round, ix, site)?;
            Some(Ballot { judge: &judge.id, state: value.state, score: number(value.score), seq: *seq })
        })
        .collect()
}

fn panel<'a>(data: &'a Snapshot, round: RoundIx, p: &Panel, single: bool) -> PanelFigures<'a> {
    PanelFigures {
        round: &data.plan.round(round).id,
        valid: p.valid,
        trimmed_per_side: p.trimmed_per_side,
        removed: p.removed.iter().map(|x| x.json()).collect(),
        score: number(p.score),
        absent: p.absent,
        recused: p.recused,
        ballots: single.then(|| ballots(data, round, p.project)),
    }
}

/// One project with its milestones, and its score and panel in the rounds given; `single`: with single ballots.
#[must_use]
pub fn dossier(
    data: &Snapshot,
    ix: ProjectIx,
    (assessment, observation): (Option<RoundIx>, Option<RoundIx>),
    single: bool,
) -> Dossier<'_> {
    let at = data.board_date();
    let milestones = data.plan.milestones(ix).iter().zip(data.done(ix)).map(|(m, done)| Milestone {
        name: &m.name,
        kind: m.kind,
        due: m.due,
        done: done.filter(|d| *d <= at),
        weight: m.weight,
        late_days: late_days(m, *done, at),
    });
    let score = assessment
        .and_then(|r| data.assessment(r).map(|a| (r, a)))
        .and_then(|(r, a)| a.scores.get(ix.at()).map(|s| score_of(data, r, s)));
    let panel = observation
        .and_then(|r| data.panels(r).map(|p| (r, p)))
        .and_then(|(r, panels)| panels.iter().find(|p| p.project == ix).map(|p| panel(data, r, p, single)));
    Dossier { schema: SCHEMA, as_of: at, project: project(data, ix), milestones: milestones.collect(), score, panel }
}
