//! 榜单. Leaderboards of headquarters and towns (F9, F11–F13).

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};

use super::district::{Plan, RoundIx, UnitIx, UnitKind};
use super::panel::Panel;
use super::project::{BoardKind, Commitment, Standing, Status, holders_over};
use super::round::RoundState;
use super::score::{Assessment, ScoreState};
use super::scoring::{Attribution, CompositeRule, Missing, RankMethod, RankRule, StretchMode, TieBreak, UnitMethod};
use super::value::{Date, Points, Ratio, weighted_mean};

/// What a board is ranked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// 考核
    Assessment,
    /// 观摩
    Observation,
    /// 综合
    Composite,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Assessment, Self::Observation, Self::Composite];

    /// Its name in commands and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Observation => "observation",
            Self::Composite => "composite",
        }
    }
}

/// A remark on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// A project of the unit has a veto.
    Veto,
    /// A project is neither certified nor not scored.
    Incomplete,
    /// A tie-break decided.
    TieBroken,
    /// The composite rests on the observation alone.
    NoAssessment,
    /// The composite rests on the assessment alone.
    NoObservation,
}

impl Flag {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Veto => "veto",
            Self::Incomplete => "incomplete",
            Self::TieBroken => "tie_broken",
            Self::NoAssessment => "no_assessment",
            Self::NoObservation => "no_observation",
        }
    }
}

/// One unit's result in one round, before ranking; `unit` none is the row 未注明.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitResult {
    /// Code of the unit: a sealed result outlives the order of the plan.
    pub unit: Option<String>,
    /// 考核 or 观摩得分.
    pub value: Option<Points>,
    /// Must-complete projects that are not excluded.
    pub must: usize,
    /// … completed of them.
    pub must_completed: usize,
    /// … behind of them.
    pub behind: usize,
    /// In-scope projects (assessment).
    pub projects: usize,
    /// Scored ones.
    pub scored: usize,
    /// Certified ones.
    pub certified: usize,
    /// ΣT
    pub task_points: Points,
    /// ΣC
    pub earned_points: Points,
    /// 力争加分
    pub stretch_bonus: Points,
    /// Σ deductions of scored projects.
    pub deduction_total: Points,
    /// A vetoed project.
    pub veto: bool,
    /// A project neither certified nor not scored.
    pub incomplete: bool,
}

/// The units of one board in one round, in plan order, 未注明 last.
pub type UnitResults = Vec<UnitResult>;

/// The units that stand on a board.
fn units(plan: &Plan, board: BoardKind) -> impl Iterator<Item = UnitIx> + '_ {
    plan.units_of(match board {
        BoardKind::Headquarters => UnitKind::Headquarters,
        BoardKind::Towns => UnitKind::Town,
    })
}

/// Per project the units that answer for it on a board in a round, with exact shares.
fn shares(plan: &Plan, board: BoardKind, round: RoundIx, at: Date) -> Vec<Vec<(UnitIx, Ratio)>> {
    let r = plan.round(round);
    plan.projects
        .iter()
        .map(|p| match plan.rules.attribution {
            Attribution::TimeWeighted => holders_over(p, board, r.from, r.to),
            Attribution::AsOf => p
                .holders(board, at)
                .into_iter()
                .map(|(unit, points)| (unit, Ratio::new(i128::from(points), 10_000)))
                .collect(),
        })
        .collect()
}

/// Share of a project that falls on a unit; on none (未注明) what falls on no unit, which is less than the whole where
/// a project without town went to one during a round that counts by days.
fn share_of(holders: &[(UnitIx, Ratio)], unit: Option<UnitIx>) -> Ratio {
    match unit {
        Some(unit) => holders.iter().filter(|(u, _)| *u == unit).map(|(_, q)| *q).sum(),
        None => Ratio::ONE - holders.iter().map(|(_, q)| *q).sum(),
    }
}

/// F9, F11 for every unit of a board: `score` gives the value of a unit from its shares in the projects.
fn results(
    plan: &Plan,
    board: BoardKind,
    round: RoundIx,
    (at, standings): (Date, &[Standing]),
    score: impl Fn(&mut UnitResult, &[(usize, Ratio)]),
) -> UnitResults {
    let shares = shares(plan, board, round, at);
    let not_stated = shares.iter().any(|holders| share_of(holders, None) > Ratio::ZERO).then_some(None);
    units(plan, board)
        .map(Some)
        .chain(not_stated)
        .map(|unit| {
            let mine: Vec<(usize, Ratio)> = shares
                .iter()
                .enumerate()
                .map(|(i, holders)| (i, share_of(holders, unit)))
                .filter(|(_, q)| *q > Ratio::ZERO)
                .collect();
            let mut row = UnitResult { unit: unit.map(|u| plan.unit(u).code.clone()), ..UnitResult::default() };
            for (i, _) in &mine {
                let status = standings[*i].status;
                if plan.projects[*i].commitment == Commitment::Must && status != Status::Excluded {
                    row.must += 1;
                    row.must_completed += usize::from(status == Status::Completed);
                    row.behind += usize::from(status == Status::Behind);
                }
            }
            score(&mut row, &mine);
            row
        })
        .collect()
}

/// F9. The units of a board in an assessment.
pub(super) fn assessment(plan: &Plan, board: BoardKind, a: &Assessment, standings: &[Standing]) -> UnitResults {
    let rules = &plan.rules;
    results(plan, board, a.round, (a.at, standings), |row, mine| {
        let (mut weighted, mut weights, mut stretch) = (Ratio::ZERO, Ratio::ZERO, Ratio::ZERO);
        for (i, q) in mine {
            let s = &a.scores[*i];
            if plan.projects[*i].commitment == Commitment::Stretch && standings[*i].status == Status::Completed {
                stretch = stretch + *q;
            }
            if s.state == ScoreState::OutOfScope {
                continue;
            }
            row.projects += 1;
            row.certified += usize::from(s.state == ScoreState::Certified);
            row.incomplete |= s.state == ScoreState::Provisional;
            row.veto |= s.veto;
            if let (Some(score), Some(task)) = (s.score, s.task_points) {
                row.scored += 1;
                row.deduction_total = row.deduction_total + s.deduction_total;
                let t = (Ratio::int(task) * *q).round2();
                row.task_points = row.task_points + t;
                row.earned_points = row.earned_points + (t.ratio() * score.ratio() * Ratio::new(1, 100)).round2();
                weighted = weighted + *q * score.ratio();
                weights = weights + *q;
            }
        }
        let method = rules.unit_method;
        row.value = match method {
            _ if row.scored == 0 => None,
            UnitMethod::Rate => (Ratio::int(100) * row.earned_points.ratio()).over(row.task_points.ratio()),
            UnitMethod::Mean => weighted.over(weights),
            UnitMethod::Sum => Some(row.earned_points.ratio()),
        }
        .map(Ratio::round2);
        if let Some(value) = row.value {
            if rules.scope.stretch == StretchMode::Bonus {
                row.stretch_bonus = (rules.scope.per_completed.ratio() * stretch).round2().min(rules.scope.cap);
            }
            let sum = value + row.stretch_bonus;
            row.value = Some(if method == UnitMethod::Sum { sum } else { rules.caps.unit.clamp(sum) });
        }
    })
}

/// F11. The units of a board in an observation.
pub(super) fn observation(
    plan: &Plan,
    board: BoardKind,
    (round, at): (RoundIx, Date),
    panels: &[Panel],
    standings: &[Standing],
) -> UnitResults {
    results(plan, board, round, (at, standings), |row, mine| {
        let scores: Vec<Points> = panels
            .iter()
            .filter(|p| mine.iter().any(|(i, _)| *i == p.project.at()))
            .filter(|p| !plan.project(p.project).state.is_excluded())
            .filter_map(|p| p.score)
            .collect();
        let sum: Points = scores.iter().copied().sum();
        row.value = sum.ratio().over(Ratio::int(scores.len() as i128)).map(Ratio::round2);
    })
}

/// One row of a leaderboard.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    /// The unit; none is the row 未注明.
    pub unit: Option<UnitIx>,
    /// 名次
    pub rank: Option<u32>,
    /// 并列: shares its rank.
    pub tied: bool,
    /// The figure that the board is ranked by.
    pub score: Option<Points>,
    /// 考核
    pub assessment: Option<Points>,
    /// 观摩
    pub observation: Option<Points>,
    /// 综合
    pub composite: Option<Points>,
    /// ΣT of the assessment.
    pub task_points: Option<Points>,
    /// ΣC of the assessment.
    pub earned_points: Option<Points>,
    /// In-scope projects of the assessment.
    pub projects: Option<usize>,
    /// Scored ones.
    pub scored: Option<usize>,
    /// Certified ones.
    pub certified: Option<usize>,
    /// 力争加分
    pub stretch_bonus: Option<Points>,
    /// 位次升降: previous rank − rank.
    pub delta: Option<i64>,
    /// 上轮名次
    pub previous: Option<u32>,
    /// Remarks.
    pub flags: Vec<Flag>,
    /// Distance to the next lower value.
    pub margin: Option<Points>,
}

/// 榜. Ranked rows first, then those without rank in plan order, 未注明 last.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The round: of a composite, the assessment.
    pub round: RoundIx,
    /// Headquarters or towns.
    pub kind: BoardKind,
    /// What it is ranked by.
    pub measure: Measure,
    /// State of the round; of a composite the earlier of the two.
    pub state: RoundState,
    /// D of the figures.
    pub as_of: Date,
    /// Rows.
    pub rows: Vec<BoardRow>,
}

/// One unit's results in the two rounds that a board may rest on.
struct Candidate<'a> {
    unit: Option<UnitIx>,
    assessment: Option<&'a UnitResult>,
    observation: Option<&'a UnitResult>,
    row: BoardRow,
}

impl Candidate<'_> {
    /// The result that tie-breaks look at: that of the round whose D the board has.
    fn tie(&self, measure: Measure) -> Option<&UnitResult> {
        match measure {
            Measure::Observation => self.observation.or(self.assessment),
            Measure::Assessment | Measure::Composite => self.assessment.or(self.observation),
        }
    }

    fn key(&self, by: TieBreak, measure: Measure) -> (Reverse<Ratio>, usize, Points) {
        let zero = (Reverse(Ratio::ZERO), 0, Points::ZERO);
        let Some(r) = self.tie(measure) else { return zero };
        match by {
            TieBreak::MustCompletedRate => {
                let rate = Ratio::checked(r.must_completed as i128, r.must as i128).unwrap_or(Ratio::ZERO);
                (Reverse(rate), 0, Points::ZERO)
            }
            TieBreak::BehindCount => (zero.0, r.behind, Points::ZERO),
            TieBreak::DeductionTotal => (zero.0, 0, self.assessment.map_or(Points::ZERO, |a| a.deduction_total)),
        }
    }

    fn order(&self, other: &Self, rule: &RankRule, measure: Measure) -> Ordering {
        other.row.score.cmp(&self.row.score).then_with(|| {
            rule.tie_break
                .iter()
                .map(|by| self.key(*by, measure).cmp(&other.key(*by, measure)))
                .find(|o| o.is_ne())
                .unwrap_or(Ordering::Equal)
        })
    }
}

fn find<'a>(results: Option<&'a UnitResults>, code: Option<&str>) -> Option<&'a UnitResult> {
    results.and_then(|rows| rows.iter().find(|r| r.unit.as_deref() == code))
}

/// F12. The composite of the two values.
fn composite(a: Option<Points>, o: Option<Points>, rule: &CompositeRule) -> Option<Points> {
    if rule.missing == Missing::Blank && (a.is_none() || o.is_none()) {
        return None;
    }
    weighted_mean(&[(a, rule.assessment), (o, rule.observation)]).map(Ratio::round2)
}

/// F12, F13. The rows of a board, ranked by a measure. `previous` gives a unit's rank in the previous round.
pub(super) fn rows(
    plan: &Plan,
    kind: BoardKind,
    measure: Measure,
    (a, o): (Option<&UnitResults>, Option<&UnitResults>),
    (rank, weights): (&RankRule, &CompositeRule),
    paired: bool,
    previous: impl Fn(Option<UnitIx>) -> Option<u32>,
) -> Vec<BoardRow> {
    let not_stated = a.or(o).is_some_and(|rows| rows.iter().any(|r| r.unit.is_none())).then_some(None);
    let mut all: Vec<Candidate> = units(plan, kind)
        .map(Some)
        .chain(not_stated)
        .map(|unit| {
            let code = unit.map(|u| plan.unit(u).code.as_str());
            candidate(unit, (find(a, code), find(o, code)), measure, weights, paired)
        })
        .collect();
    let ranked = |c: &Candidate| {
        let enough = match (measure, c.row.assessment) {
            (Measure::Assessment, _) | (Measure::Composite, Some(_)) => {
                c.assessment.is_some_and(|a| a.scored >= rank.min_projects)
            }
            _ => true,
        };
        c.unit.is_some_and(|u| plan.unit(u).ranked) && c.row.score.is_some() && enough
    };
    let (mut first, rest): (Vec<_>, Vec<_>) = all.drain(..).partition(ranked);
    first.sort_by(|x, y| x.order(y, rank, measure));
    let (mut number, mut groups) = (0, 0);
    for i in 0..first.len() {
        let same = |j: usize| first[i].order(&first[j], rank, measure).is_eq();
        let tied_before = i > 0 && same(i - 1);
        let tied = tied_before || (i + 1 < first.len() && same(i + 1));
        if !tied_before {
            groups += 1;
            number = match rank.method {
                RankMethod::Competition => i + 1,
                RankMethod::Dense => groups,
            };
        }
        let broken = (0..first.len()).any(|j| first[j].row.score == first[i].row.score && !same(j));
        let lower = first[i + 1..].iter().find_map(|c| c.row.score.filter(|s| Some(*s) != first[i].row.score));
        let before = previous(first[i].unit);
        let row = &mut first[i].row;
        row.rank = u32::try_from(number).ok();
        row.tied = tied;
        row.margin = row.score.zip(lower).map(|(mine, next)| mine - next);
        row.previous = before;
        row.delta = before.zip(row.rank).map(|(p, r)| i64::from(p) - i64::from(r));
        if broken {
            row.flags.push(Flag::TieBroken);
            row.flags.sort_unstable();
        }
    }
    first.into_iter().chain(rest).map(|c| c.row).collect()
}

fn candidate<'a>(
    unit: Option<UnitIx>,
    (assessment, observation): (Option<&'a UnitResult>, Option<&'a UnitResult>),
    measure: Measure,
    weights: &CompositeRule,
    paired: bool,
) -> Candidate<'a> {
    let (a, o) = (assessment.and_then(|r| r.value), observation.and_then(|r| r.value));
    let both = paired.then(|| composite(a, o, weights)).flatten();
    let mut flags = Vec::new();
    if assessment.is_some_and(|r| r.veto) {
        flags.push(Flag::Veto);
    }
    if measure != Measure::Observation && assessment.is_some_and(|r| r.incomplete) {
        flags.push(Flag::Incomplete);
    }
    if measure == Measure::Composite && both.is_some() {
        if a.is_none() {
            flags.push(Flag::NoAssessment);
        }
        if o.is_none() {
            flags.push(Flag::NoObservation);
        }
    }
    let row = BoardRow {
        unit,
        rank: None,
        tied: false,
        score: match measure {
            Measure::Assessment => a,
            Measure::Observation => o,
            Measure::Composite => both,
        },
        assessment: a,
        observation: o,
        composite: both,
        task_points: assessment.map(|r| r.task_points),
        earned_points: assessment.map(|r| r.earned_points),
        projects: assessment.map(|r| r.projects),
        scored: assessment.map(|r| r.scored),
        certified: assessment.map(|r| r.certified),
        stretch_bonus: assessment.map(|r| r.stretch_bonus),
        delta: None,
        previous: None,
        flags,
        margin: None,
    };
    Candidate { unit, assessment, observation, row }
}
