//! `--json`: the documents of the commands, field by field in the order that `docs/formats.md` states.
//!
//! Pure functions from a [`Snapshot`]; scores and percentages become numbers with at most two decimals here, once.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::board::{Board, BoardRow};
use crate::domain::change::{Record, Reported};
use crate::domain::district::{ProjectIx, RoundIx, RoundKind};
use crate::domain::goal::GoalOp;
use crate::domain::indicator::VersusCity;
use crate::domain::panel::Panel;
use crate::domain::project::{
    BoardKind, Commitment, Light, MilestoneKind, ProjectState, Status as ProjectStatus, Tally, late_days,
};
use crate::domain::quota::QuotaCell;
use crate::domain::rectification::RectificationState;
use crate::domain::round::RoundState;
use crate::domain::score::{self, ProjectScore, ScoreState};
use crate::domain::scoring::{Basis, Criterion};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Currency, Date, Money, Percent, Points};

/// Version of all documents.
const SCHEMA: u32 = 1;

fn number(points: Option<Points>) -> Value {
    points.map_or(Value::Null, Points::json)
}

/// `dukao status`
#[derive(Serialize)]
pub struct Status<'a> {
    schema: u32,
    district: &'a str,
    as_of: Date,
    total: usize,
    must: Counts,
    stretch: Counts,
    behind: Vec<&'a str>,
    due_soon: Vec<DueSoon<'a>>,
}

#[derive(Serialize)]
struct Counts {
    total: usize,
    completed: usize,
    on_track: usize,
    behind: usize,
    behind_red: usize,
    unknown: usize,
    excluded: usize,
}

#[derive(Serialize)]
struct DueSoon<'a> {
    project: &'a str,
    milestone: &'a str,
    due: Date,
}

impl From<Tally> for Counts {
    fn from(t: Tally) -> Self {
        Self {
            total: t.total,
            completed: t.completed,
            on_track: t.on_track,
            behind: t.behind,
            behind_red: t.behind_red,
            unknown: t.unknown,
            excluded: t.excluded,
        }
    }
}

/// Tallies, who is behind, what is due soon.
#[must_use]
pub fn status(data: &Snapshot) -> Status<'_> {
    let plan = &data.plan;
    let due_soon = |(project, place): (ProjectIx, usize)| {
        let milestone = &plan.milestones(project)[place];
        DueSoon { project: &plan.project(project).id, milestone: &milestone.name, due: milestone.due }
    };
    Status {
        schema: SCHEMA,
        district: &plan.district.id,
        as_of: data.board_date(),
        total: plan.projects.len(),
        must: data.tally_of(Some(Commitment::Must)).into(),
        stretch: data.tally_of(Some(Commitment::Stretch)).into(),
        behind: data.behind().into_iter().map(|ix| plan.project(ix).id.as_str()).collect(),
        due_soon: data.due_soon().into_iter().map(due_soon).collect(),
    }
}

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

fn panel<'a>(data: &'a Snapshot, round: RoundIx, p: &Panel) -> PanelFigures<'a> {
    PanelFigures {
        round: &data.plan.round(round).id,
        valid: p.valid,
        trimmed_per_side: p.trimmed_per_side,
        removed: p.removed.iter().map(|x| x.json()).collect(),
        score: number(p.score),
        absent: p.absent,
        recused: p.recused,
    }
}

/// One project with its milestones, and its score and panel in the rounds given.
#[must_use]
pub fn dossier(
    data: &Snapshot,
    ix: ProjectIx,
    assessment: Option<RoundIx>,
    observation: Option<RoundIx>,
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
        .and_then(|(r, panels)| panels.iter().find(|p| p.project == ix).map(|p| panel(data, r, p)));
    Dossier { schema: SCHEMA, as_of: at, project: project(data, ix), milestones: milestones.collect(), score, panel }
}

/// `dukao rank`
#[derive(Serialize)]
pub struct Leaderboard<'a> {
    schema: u32,
    round: &'a str,
    board: BoardKind,
    by: &'static str,
    state: RoundState,
    as_of: Date,
    rows: Vec<Rank<'a>>,
}

#[derive(Serialize)]
struct Rank<'a> {
    rank: Option<u32>,
    tied: bool,
    unit: Option<&'a str>,
    name: &'a str,
    score: Value,
    assessment: Value,
    observation: Value,
    composite: Value,
    task_points: Value,
    earned_points: Value,
    projects: Option<usize>,
    scored: Option<usize>,
    certified: Option<usize>,
    stretch_bonus: Value,
    delta: Option<i64>,
    flags: Vec<&'static str>,
}

/// One leaderboard.
#[must_use]
pub fn leaderboard<'a>(data: &'a Snapshot, asked: RoundIx, board: &Board) -> Leaderboard<'a> {
    let unit = |row: &BoardRow| row.unit.map(|u| data.plan.unit(u));
    let row = |r: &BoardRow| Rank {
        rank: r.rank,
        tied: r.tied,
        unit: unit(r).map(|u| u.code.as_str()),
        name: unit(r).map_or("未注明", |u| u.name.as_str()),
        score: number(r.score),
        assessment: number(r.assessment),
        observation: number(r.observation),
        composite: number(r.composite),
        task_points: number(r.task_points),
        earned_points: number(r.earned_points),
        projects: r.projects,
        scored: r.scored,
        certified: r.certified,
        stretch_bonus: number(r.stretch_bonus),
        delta: r.delta,
        flags: r.flags.iter().map(|f| f.name()).collect(),
    };
    Leaderboard {
        schema: SCHEMA,
        round: &data.plan.round(asked).id,
        board: board.kind,
        by: board.measure.name(),
        state: board.state,
        as_of: board.as_of,
        rows: board.rows.iter().map(row).collect(),
    }
}

/// Which targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Targets {
    /// 招商任务
    Quotas,
    /// 主要指标
    Indicators,
    /// 目标
    Goals,
}

/// `dukao targets`; a part that was not asked for is left out.
#[derive(Serialize)]
pub struct TargetFigures<'a> {
    schema: u32,
    as_of: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    quota_plans: Option<Vec<QuotaPlan<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indicators: Option<Vec<Indicator<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goals: Option<Vec<Goal<'a>>>,
}

#[derive(Serialize)]
struct QuotaPlan<'a> {
    id: &'a str,
    name: &'a str,
    pace: Value,
    funds: Funds,
    tiers: Vec<Tier<'a>>,
    rows: Vec<QuotaLine<'a>>,
}

#[derive(Serialize)]
struct Funds {
    outside_city_yuan: i64,
    outside_province_yuan: i64,
}

#[derive(Serialize)]
struct Tier<'a> {
    id: &'a str,
    headline: Option<u32>,
    stated_sum: u32,
    implied_sum: u32,
    distinct: u32,
    credits: u32,
}

#[derive(Serialize)]
struct QuotaLine<'a> {
    unit: Option<&'a str>,
    label: &'a str,
    resolution: &'static str,
    tiers: Vec<Cell<'a>>,
    score: Value,
}

#[derive(Serialize)]
struct Cell<'a> {
    id: &'a str,
    target: Option<u32>,
    actual: Option<u32>,
    progress: Value,
    lag_pp: Value,
    light: Light,
    forecast: Value,
}

#[derive(Serialize)]
struct Indicator<'a> {
    id: &'a str,
    name: &'a str,
    period: Option<&'a str>,
    value: Value,
    unit: &'a str,
    growth: Value,
    target_growth: Value,
    versus_city: Option<VersusCity>,
    provisional: bool,
    light: Light,
}

#[derive(Serialize)]
struct Goal<'a> {
    id: &'a str,
    name: &'a str,
    op: GoalOp,
    target: Value,
    value: Value,
    due: Date,
    light: Light,
}

fn quota_plans(data: &Snapshot) -> Vec<QuotaPlan<'_>> {
    let figures = data.quota_plans();
    data.plan
        .targets
        .quota_plans
        .iter()
        .zip(figures)
        .map(|(plan, f)| QuotaPlan {
            id: &plan.id,
            name: &plan.name,
            pace: f.pace.json(),
            funds: Funds { outside_city_yuan: f.outside_city, outside_province_yuan: f.outside_province },
            tiers: plan
                .tiers
                .iter()
                .zip(&f.tiers)
                .map(|(tier, t)| Tier {
                    id: &tier.id,
                    headline: tier.headline,
                    stated_sum: t.stated_sum,
                    implied_sum: t.implied_sum,
                    distinct: t.distinct,
                    credits: t.credits,
                })
                .collect(),
            rows: plan
                .quotas
                .iter()
                .zip(&f.rows)
                .map(|(quota, row)| QuotaLine {
                    unit: row.unit.map(|u| data.plan.unit(u).code.as_str()),
                    label: &quota.label,
                    resolution: row.resolution.name(),
                    tiers: plan.tiers.iter().zip(&row.cells).map(|(tier, c)| quota_cell(&tier.id, c)).collect(),
                    score: number(row.score),
                })
                .collect(),
        })
        .collect()
}

fn quota_cell<'a>(id: &'a str, c: &QuotaCell) -> Cell<'a> {
    Cell {
        id,
        target: c.target,
        actual: c.actual,
        progress: number(c.progress),
        lag_pp: number(c.lag),
        light: c.light,
        forecast: number(c.forecast),
    }
}

fn indicators(data: &Snapshot) -> Vec<Indicator<'_>> {
    data.plan
        .targets
        .indicators
        .iter()
        .zip(data.indicators())
        .map(|(plan, f)| {
            let record = f.record.as_ref();
            let percent = |p: Option<Percent>| p.map_or(Value::Null, Percent::json);
            Indicator {
                id: &plan.id,
                name: &plan.name,
                period: f.period.as_deref(),
                value: percent(record.and_then(|r| r.value)),
                unit: &plan.unit,
                growth: percent(record.and_then(|r| r.growth)),
                target_growth: percent(record.and_then(|r| r.target_growth)),
                versus_city: record.and_then(|r| r.versus_city),
                provisional: record.is_some_and(|r| r.provisional),
                light: f.light,
            }
        })
        .collect()
}

fn goals(data: &Snapshot) -> Vec<Goal<'_>> {
    data.plan
        .targets
        .goals
        .iter()
        .zip(data.goals())
        .map(|(goal, f)| Goal {
            id: &goal.id,
            name: &goal.name,
            op: goal.op,
            target: number(goal.value),
            value: number(f.value),
            due: goal.due,
            light: f.light,
        })
        .collect()
}

/// Quotas, indicators and goals, or one of them.
#[must_use]
pub fn targets(data: &Snapshot, only: Option<Targets>) -> TargetFigures<'_> {
    let wanted = |part| only.is_none_or(|o| o == part);
    TargetFigures {
        schema: SCHEMA,
        as_of: data.day(),
        quota_plans: wanted(Targets::Quotas).then(|| quota_plans(data)),
        indicators: wanted(Targets::Indicators).then(|| indicators(data)),
        goals: wanted(Targets::Goals).then(|| goals(data)),
    }
}

/// `dukao rectifications`
#[derive(Serialize)]
pub struct Rectifications<'a> {
    schema: u32,
    as_of: Date,
    rectifications: Vec<Rectification<'a>>,
}

/// One line of the rectification ledger, as it stood on the day.
#[derive(Serialize)]
pub struct Rectification<'a> {
    /// Its id.
    pub id: &'a str,
    /// Project id.
    pub project: Option<&'a str>,
    /// Code of the unit that answers.
    pub unit: &'a str,
    /// 状态
    pub state: RectificationState,
    /// 交办日
    pub issued: Date,
    /// 期限
    pub due: Date,
    /// 销号日
    pub closed: Option<Date>,
    /// 灯
    pub light: Light,
    /// 逾期天
    pub overdue_days: Option<i64>,
    /// 问题
    pub finding: &'a str,
}

/// The rectifications that were issued by the day: overdue first, then by deadline and id, closed ones last.
/// One that was closed after the day stands as submitted, from where alone it can be closed.
#[must_use]
pub fn rectification_lines(data: &Snapshot) -> Vec<Rectification<'_>> {
    let (at, warn) = (data.day(), data.plan.rules.light.warn_days);
    let mut lines: Vec<_> = data
        .facts
        .rectifications
        .iter()
        .filter(|(_, kept)| kept.value.issued <= at)
        .map(|(id, kept)| {
            let r = &kept.value;
            let (light, overdue_days) = r.light(at, warn);
            let later = r.state == RectificationState::Closed && !r.closed_by(at);
            Rectification {
                id,
                project: r.project.as_deref(),
                unit: &r.unit,
                state: if later { RectificationState::Submitted } else { r.state },
                issued: r.issued,
                due: r.due,
                closed: r.closed.filter(|d| *d <= at),
                light,
                overdue_days,
                finding: &r.finding,
            }
        })
        .collect();
    lines.sort_by(|a, b| (a.closed.is_some(), a.due, a.id).cmp(&(b.closed.is_some(), b.due, b.id)));
    lines
}

/// The lines given.
#[must_use]
pub fn rectifications<'a>(data: &'a Snapshot, lines: Vec<Rectification<'a>>) -> Rectifications<'a> {
    Rectifications { schema: SCHEMA, as_of: data.day(), rectifications: lines }
}

/// `dukao round list`
#[derive(Serialize)]
pub struct Rounds<'a> {
    schema: u32,
    rounds: Vec<Round<'a>>,
}

/// One round and how far it is.
#[derive(Serialize)]
pub struct Round<'a> {
    /// Its id.
    pub id: &'a str,
    /// 考核 or 观摩
    pub kind: RoundKind,
    /// Where it is in its life.
    pub state: RoundState,
    /// Number of its newest seal.
    pub revision: u32,
    /// The day of its figures.
    pub as_of: Date,
    /// The round it forms a composite with.
    pub pair: Option<&'a str>,
    /// Content hash of the newest seal.
    pub hash: Option<&'a str>,
    /// Assessment: projects in scope.
    pub in_scope: Option<usize>,
    /// Assessment: certified or not scored, of them.
    pub certified: Option<usize>,
    /// Printed name.
    pub name: &'a str,
}

/// How many projects of an assessment are in scope, and how many of them are settled.
#[must_use]
pub fn certified(data: &Snapshot, round: RoundIx) -> Option<(usize, usize)> {
    let scores = &data.assessment(round)?.scores;
    let count = |keep: fn(&ScoreState) -> bool| scores.iter().filter(|s| keep(&s.state)).count();
    Some((
        count(|s| !matches!(s, ScoreState::OutOfScope)),
        count(|s| matches!(s, ScoreState::Certified | ScoreState::NotScored)),
    ))
}

/// Every round of the plan, in plan order.
#[must_use]
pub fn round_lines(data: &Snapshot) -> Vec<Round<'_>> {
    (0_u16..)
        .zip(&data.plan.district.rounds)
        .map(|(i, round)| {
            let ix = RoundIx(i);
            let kept = data.facts.rounds.get(ix.at()).and_then(Option::as_ref).map(|k| &k.value);
            let counts = certified(data, ix);
            Round {
                id: &round.id,
                kind: round.kind,
                state: data.round_state(ix),
                revision: kept.map_or(0, |r| r.revision),
                as_of: round.as_of,
                pair: data.plan.pair(ix).map(|p| data.plan.round(p).id.as_str()),
                hash: kept.and_then(|r| r.results_sha256.as_deref()),
                in_scope: counts.map(|c| c.0),
                certified: counts.map(|c| c.1),
                name: &round.name,
            }
        })
        .collect()
}

/// `dukao round list`
#[must_use]
pub fn rounds(data: &Snapshot) -> Rounds<'_> {
    Rounds { schema: SCHEMA, rounds: round_lines(data) }
}

/// `dukao history`
#[derive(Serialize)]
pub struct History {
    schema: u32,
    entries: Vec<Entry>,
}

/// One entry of the ledger.
#[derive(Serialize)]
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// The moment it was saved.
    pub at: String,
    /// Login.
    pub actor: String,
    /// How that person was known.
    pub via: String,
    /// Kind of record.
    pub kind: String,
    /// Key of the record.
    pub key: String,
    /// The entry it was based on; 0 = none.
    pub base: u64,
    /// The record before.
    pub before: Value,
    /// The record after.
    pub after: Value,
    /// 理由
    pub reason: String,
    /// Hash of the entry.
    pub hash: String,
}

/// The entries given, oldest first.
#[must_use]
pub fn history(entries: Vec<Entry>) -> History {
    History { schema: SCHEMA, entries }
}

/// A record as a person writes it: hundredths as numbers, amounts of yuan as `…_yuan`.
#[must_use]
pub fn record(record: Option<&Record>) -> Value {
    let Some(Ok(Value::Object(fields))) = record.map(|r| serde_json::from_str(&r.json())) else { return Value::Null };
    Value::Object(fields.into_iter().map(|(key, value)| field(key, value)).collect::<Map<_, _>>())
}

fn field(key: String, value: Value) -> (String, Value) {
    const HUNDREDTHS: [&str; 9] = [
        "points",
        "suggestion",
        "score",
        "percent",
        "planned_percent",
        "value",
        "growth",
        "target_growth",
        "city_growth",
    ];
    if let (true, Some(n)) = (HUNDREDTHS.contains(&key.as_str()), value.as_i64()) {
        return (key, Points(n).json());
    }
    match (value.get("currency").and_then(Value::as_str), value.get("amount")) {
        (Some("CNY"), Some(amount)) => (format!("{key}_yuan"), amount.clone()),
        _ => (key, value),
    }
}

/// `dukao verify`
#[derive(Serialize)]
pub struct Verified<'a> {
    schema: u32,
    entries: u64,
    head: &'a str,
    ok: bool,
    problems: Vec<String>,
}

/// What a verification found.
#[must_use]
pub fn verified(entries: u64, head: &str, problems: Vec<String>) -> Verified<'_> {
    Verified { schema: SCHEMA, entries, head, ok: problems.is_empty(), problems }
}

/// `dukao check`
#[derive(Serialize)]
pub struct Checked {
    schema: u32,
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

/// One error or warning of the folder.
#[derive(Serialize)]
pub struct Finding {
    /// What kind of warning; none for an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// File of the folder; none for records.
    pub file: Option<String>,
    /// Line in it, from 1.
    pub line: Option<usize>,
    /// Column in it, from 1; errors only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// What a check found.
#[must_use]
pub fn checked(errors: Vec<Finding>, warnings: Vec<Finding>) -> Checked {
    Checked { schema: SCHEMA, errors, warnings }
}

/// The entries that a writing command made.
#[must_use]
pub fn saved(seqs: &[u64]) -> Saved<'_> {
    Saved { schema: SCHEMA, saved: seqs }
}

/// The entries that were made.
#[derive(Serialize)]
pub struct Saved<'a> {
    schema: u32,
    saved: &'a [u64],
}

/// `dukao init`
#[derive(Serialize)]
pub struct Written<'a> {
    schema: u32,
    written: Vec<&'a str>,
}

/// The files of a new folder.
#[must_use]
pub fn written(written: Vec<&str>) -> Written<'_> {
    Written { schema: SCHEMA, written }
}

/// `dukao import --dry-run`
#[derive(Serialize)]
pub struct Planned {
    schema: u32,
    changes: Vec<Value>,
}

/// What an import would change.
#[must_use]
pub fn planned(changes: Vec<Value>) -> Planned {
    Planned { schema: SCHEMA, changes }
}

/// `dukao plan`
#[derive(Serialize)]
pub struct Differences {
    schema: u32,
    applied: bool,
    added: Vec<Value>,
    changed: Vec<Value>,
    withdrawn: Vec<Value>,
}

/// How the folder differs from the applied plan.
#[must_use]
pub fn differences(applied: bool, [added, changed, withdrawn]: [Vec<Value>; 3]) -> Differences {
    Differences { schema: SCHEMA, applied, added, changed, withdrawn }
}
