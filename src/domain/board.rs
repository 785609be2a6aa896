//! 榜单. Leaderboards of headquarters and towns (F9, F11–F13).

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};

use super::composition::{self, counted};
use super::district::{Plan, ProjectIx, RoundIx, UnitIx, UnitKind};
use super::explain::{Derivation, Figure, Question, Trace, equals, plus};
use super::panel::Panel;
use super::project::{BoardKind, Commitment, Standing, Status, holders_over};
use super::round::RoundState;
use super::score::{Assessment, ProjectScore, ScoreState};
use super::scoring::{
    Attribution, CompositeRule, Missing, RankMethod, RankRule, RuleSet, StretchMode, TieBreak, UnitMethod,
};
use super::value::{Bilingual, Date, Lang, Points, Ratio, weighted_mean};

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
pub(super) fn shares(
    plan: &Plan,
    attribution: Attribution,
    board: BoardKind,
    (round, at): (RoundIx, Date),
) -> Vec<Vec<(UnitIx, Ratio)>> {
    let r = plan.round(round);
    plan.projects
        .iter()
        .map(|p| match attribution {
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
pub(super) fn share_of(holders: &[(UnitIx, Ratio)], unit: Option<UnitIx>) -> Ratio {
    match unit {
        Some(unit) => holders.iter().filter(|(u, _)| *u == unit).map(|(_, q)| *q).sum(),
        None => Ratio::ONE - holders.iter().map(|(_, q)| *q).sum(),
    }
}

/// Whose derivation is taken down: that of one unit, and of no other.
pub(super) struct Asked<'t> {
    asker: Option<(Option<UnitIx>, &'t mut Trace)>,
    deaf: Trace,
}

impl<'t> Asked<'t> {
    /// Nobody asks.
    pub const fn nobody() -> Self {
        Self { asker: None, deaf: Trace::off() }
    }

    /// About a unit; none is the row 未注明.
    pub const fn about(unit: Option<UnitIx>, trace: &'t mut Trace) -> Self {
        Self { asker: Some((unit, trace)), deaf: Trace::off() }
    }

    /// What listens while this unit is computed.
    fn hear(&mut self, unit: Option<UnitIx>) -> &mut Trace {
        match &mut self.asker {
            Some((asked, trace)) if *asked == unit => trace,
            _ => &mut self.deaf,
        }
    }
}

/// F9, F11 for every unit of a board: `score` gives the value of a unit from its shares in the projects.
fn results(
    plan: &Plan,
    board: BoardKind,
    round: RoundIx,
    (at, standings): (Date, &[Standing]),
    asked: &mut Asked<'_>,
    score: impl Fn(&mut UnitResult, &[(usize, Ratio)], &mut Trace),
) -> UnitResults {
    let shares = shares(plan, plan.rules.attribution, board, (round, at));
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
            score(&mut row, &mine, asked.hear(unit));
            row
        })
        .collect()
}

fn project_ix(place: usize) -> ProjectIx {
    ProjectIx(u32::try_from(place).unwrap_or(u32::MAX))
}

/// F9. The units of a board in an assessment.
pub(super) fn assessment(
    plan: &Plan,
    board: BoardKind,
    a: &Assessment,
    standings: &[Standing],
    asked: &mut Asked<'_>,
) -> UnitResults {
    results(plan, board, a.round, (a.at, standings), asked, |row, mine, trace| {
        let value = trace.under(
            |t| assessed(plan, a, standings, mine, row, t),
            |value| Derivation::new("考核", "assessment", *value).rule(plan.rules.clause("unit")),
        );
        row.value = value;
    })
}

/// F9 of one unit with its shares in the projects.
fn assessed(
    plan: &Plan,
    a: &Assessment,
    standings: &[Standing],
    mine: &[(usize, Ratio)],
    row: &mut UnitResult,
    trace: &mut Trace,
) -> Option<Points> {
    let (rules, mut weighted, mut weights, mut stretch) = (&plan.rules, Ratio::ZERO, Ratio::ZERO, Ratio::ZERO);
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
        let earned = counted(s, *q);
        if let (Some(score), Some((t, c))) = (s.score, earned) {
            row.scored += 1;
            row.deduction_total = row.deduction_total + s.deduction_total;
            row.task_points = row.task_points + t;
            row.earned_points = row.earned_points + c;
            weighted = weighted + *q * score.ratio();
            weights = weights + *q;
        }
        trace.step(|| project_step(plan, a.round, (project_ix(*i), *q), s, earned));
    }
    let exact = composition::base(row, (weighted, weights), rules);
    trace.step(|| unit_step(row, (weighted, weights), exact, rules));
    let value = exact.map(Ratio::round2)?;
    if rules.scope.stretch == StretchMode::Bonus {
        row.stretch_bonus = (rules.scope.per_completed.ratio() * stretch).round2().min(rules.scope.cap);
        trace.step(|| {
            let (each, cap) = (rules.scope.per_completed.short(), rules.scope.cap.short());
            let n = stretch.decimal();
            Derivation::new("力争加分", "stretch bonus", row.stretch_bonus)
                .by(format!("完成 {n} 个 x {each}，封顶 {cap}"), format!("{n} completed x {each}, at most {cap}"))
                .rule(rules.clause("scope"))
        });
    }
    let sum = value + row.stretch_bonus;
    let result = if rules.unit_method == UnitMethod::Sum { sum } else { rules.caps.unit.clamp(sum) };
    trace.step(|| {
        let terms = format!("{} + {} = {}", value.fixed(2), row.stretch_bonus.short(), sum.fixed(2));
        let (min, max) = (rules.caps.unit.min.short(), rules.caps.unit.max.short());
        let step = Derivation::new("考核得分", "assessment", result).rule(rules.clause("caps"));
        if sum == result {
            step.sum(terms)
        } else {
            step.by(format!("{terms}，限 {min} 至 {max}"), format!("{terms}, limited to {min} to {max}"))
        }
    });
    Some(result)
}

fn project_step(
    plan: &Plan,
    round: RoundIx,
    (project, q): (ProjectIx, Ratio),
    s: &ProjectScore,
    earned: Option<(Points, Points)>,
) -> Derivation {
    let name = plan.project(project).name.as_str();
    let share = if q == Ratio::ONE { String::new() } else { format!(" x {}", q.decimal()) };
    let task = s.task_points.unwrap_or_default();
    let step =
        Derivation::new(name, name, earned.map(|(_, c)| c)).leads_to(Question::Project { project, round: Some(round) });
    match (earned, s.score) {
        (Some((t, _)), Some(score)) => {
            let (t, score) = (t.short(), score.fixed(2));
            let whole = if share.is_empty() { String::new() } else { format!("{task}{share} = ") };
            step.by(
                format!("任务分值 {whole}{t}  得分 {score}  {t} x {score} / 100"),
                format!("task points {whole}{t}  score {score}  {t} x {score} / 100"),
            )
        }
        _ => step.by("没有得分，不计入合计", "no score: it adds to nothing"),
    }
}

fn unit_step(
    row: &UnitResult,
    (weighted, weights): (Ratio, Ratio),
    exact: Option<Ratio>,
    rules: &RuleSet,
) -> Derivation {
    let (c, t) = (row.earned_points.short(), row.task_points.short());
    let (zh, en, working) = match rules.unit_method {
        UnitMethod::Rate => ("得分率", "rate", format!("100 x {c} / {t}")),
        UnitMethod::Mean => ("平均得分", "mean score", format!("{} / {}", weighted.decimal(), weights.decimal())),
        UnitMethod::Sum => ("完成分值合计", "sum of earned points", c),
    };
    let step = Derivation::new(zh, en, exact.map(Ratio::round2)).rule(rules.clause("unit"));
    if exact.is_none() {
        return step.by("没有已计分的项目", "no scored project");
    }
    step.sum(format!("{working}{}", equals(exact)))
}

/// F11. The units of a board in an observation.
pub(super) fn observation(
    plan: &Plan,
    board: BoardKind,
    (round, at): (RoundIx, Date),
    panels: &[Panel],
    standings: &[Standing],
    asked: &mut Asked<'_>,
) -> UnitResults {
    results(plan, board, round, (at, standings), asked, |row, mine, trace| {
        let seen = |t: &mut Trace| {
            let sites = panels
                .iter()
                .filter(|p| mine.iter().any(|(i, _)| *i == p.project.at()))
                .filter(|p| !plan.project(p.project).state.is_excluded());
            let mut scores: Vec<Points> = Vec::new();
            for site in sites {
                scores.extend(site.score);
                t.step(|| {
                    let name = plan.project(site.project).name.as_str();
                    Derivation::new(name, name, site.score)
                        .by(format!("有效票 {}", site.valid), format!("{} valid ballots", site.valid))
                        .leads_to(Question::Panel { project: site.project, round })
                });
            }
            let sum: Points = scores.iter().copied().sum();
            let exact = sum.ratio().over(Ratio::int(scores.len() as i128));
            let value = exact.map(Ratio::round2);
            t.step(|| {
                let step = Derivation::new("观摩得分", "observation", value).rule(plan.rules.clause("observation"));
                if scores.is_empty() {
                    return step.by("各点都没有观摩分", "no site with a panel score");
                }
                let terms = plus(scores.iter().map(|s| s.short()));
                step.sum(format!("({terms}) / {}{}", scores.len(), equals(exact)))
            });
            value
        };
        row.value = trace.under(seen, |value| Derivation::new("观摩", "observation", *value));
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
    /// 差距 to the row above: 0.00 for an equal score, else negative; none for the first row and without rank.
    pub gap: Option<Points>,
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

/// 合计 of the columns of a board that add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// In-scope projects; one that several towns share counts in each.
    pub projects: usize,
    /// Scored ones.
    pub scored: usize,
    /// Certified ones.
    pub certified: usize,
    /// ΣT
    pub task_points: Points,
    /// ΣC
    pub earned_points: Points,
}

impl Board {
    /// 合计 over all rows; none where the board rests on no assessment.
    #[must_use]
    pub fn totals(&self) -> Option<Totals> {
        let add = |sum: Totals, r: &BoardRow| {
            Some(Totals {
                projects: sum.projects + r.projects?,
                scored: sum.scored + r.scored?,
                certified: sum.certified + r.certified?,
                task_points: sum.task_points + r.task_points?,
                earned_points: sum.earned_points + r.earned_points?,
            })
        };
        self.rows.iter().try_fold(Totals::default(), add)
    }
}

/// What a tie-break orders by, the smaller first.
type TieKey = (Reverse<Ratio>, usize, Points);

/// What a tie-break sees in a unit: `result` is that of the round whose D the board has.
pub(super) fn tie_key(by: TieBreak, result: Option<&UnitResult>, assessed: Option<&UnitResult>) -> TieKey {
    let zero = (Reverse(Ratio::ZERO), 0, Points::ZERO);
    let Some(r) = result else { return zero };
    match by {
        TieBreak::MustCompletedRate => {
            let rate = Ratio::checked(r.must_completed as i128, r.must as i128).unwrap_or(Ratio::ZERO);
            (Reverse(rate), 0, Points::ZERO)
        }
        TieBreak::BehindCount => (zero.0, r.behind, Points::ZERO),
        TieBreak::DeductionTotal => (zero.0, 0, assessed.map_or(Points::ZERO, |a| a.deduction_total)),
    }
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
            Measure::Observation => self.observation,
            Measure::Assessment | Measure::Composite => self.assessment.or(self.observation),
        }
    }

    /// The result whose deductions count: an observation deducts nothing, and what its pair deducts may be unpublished.
    fn deducted(&self, measure: Measure) -> Option<&UnitResult> {
        self.assessment.filter(|_| measure != Measure::Observation)
    }

    fn key(&self, by: TieBreak, measure: Measure) -> TieKey {
        tie_key(by, self.tie(measure), self.deducted(measure))
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
fn composite(
    a: Option<Points>,
    o: Option<Points>,
    rules: &RuleSet,
    rule: &CompositeRule,
    trace: &mut Trace,
) -> Option<Points> {
    let blank = rule.missing == Missing::Blank && (a.is_none() || o.is_none());
    let exact = if blank { None } else { weighted_mean(&[(a, rule.assessment), (o, rule.observation)]) };
    let value = exact.map(Ratio::round2);
    trace.step(|| {
        let step = Derivation::new("综合得分", "composite", value).rule(rules.clause("composite"));
        match (a, o) {
            (Some(a), Some(o)) => {
                let (x, y) = (rule.assessment, rule.observation);
                let terms = format!("({x} x {} + {y} x {}) / {}", a.fixed(2), o.fixed(2), x + y);
                step.sum(format!("{terms}{}", equals(exact)))
            }
            _ if blank => step.by("缺一部分，不计综合", "a part is missing: no composite"),
            (Some(_), None) => step.by("没有观摩得分，全按考核", "no observation: the assessment alone"),
            (None, Some(_)) => step.by("没有考核得分，全按观摩", "no assessment: the observation alone"),
            (None, None) => step.by("没有考核得分，也没有观摩得分", "neither assessment nor observation"),
        }
    });
    value
}

/// F12, F13. The rows of a board, ranked by a measure. `previous` gives a unit's rank in the previous round.
pub(super) fn rows(
    plan: &Plan,
    (kind, measure): (BoardKind, Measure),
    (a, o): (Option<&UnitResults>, Option<&UnitResults>),
    (rank, weights): (&RankRule, &CompositeRule),
    paired: bool,
    previous: impl Fn(Option<UnitIx>) -> Option<u32>,
    asked: &mut Asked<'_>,
) -> Vec<BoardRow> {
    let base = if measure == Measure::Observation { o.or(a) } else { a.or(o) };
    let not_stated = base.is_some_and(|rows| rows.iter().any(|r| r.unit.is_none())).then_some(None);
    let mut all: Vec<Candidate> = units(plan, kind)
        .map(Some)
        .chain(not_stated)
        .map(|unit| {
            let code = unit.map(|u| plan.unit(u).code.as_str());
            candidate(plan, unit, (find(a, code), find(o, code)), (measure, weights, paired), asked.hear(unit))
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
        let above = i.checked_sub(1).and_then(|i| first[i].row.score);
        let before = previous(first[i].unit);
        let row = &mut first[i].row;
        row.gap = row.score.zip(above).map(|(mine, theirs)| mine - theirs);
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
    if let Some((asker, trace)) = &mut asked.asker {
        match first.iter().position(|c| c.unit == *asker) {
            Some(place) => ranking(plan, &first, place, (rank, measure), trace),
            None => trace.step(|| unranked_step(plan, rest.iter().find(|c| c.unit == *asker), (rank, measure))),
        }
    }
    first.into_iter().chain(rest).map(|c| c.row).collect()
}

fn rank_label(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::Assessment => ("考核名次", "assessment rank"),
        Measure::Observation => ("观摩名次", "observation rank"),
        Measure::Composite => ("综合名次", "composite rank"),
    }
}

/// F13. How the unit at a place came to its rank: the order of all, what broke its ties, and where it was before.
fn ranking(plan: &Plan, order: &[Candidate], place: usize, (rule, measure): (&RankRule, Measure), trace: &mut Trace) {
    let me = &order[place];
    let (zh, en) = rank_label(measure);
    trace.under(
        |t| {
            let same = |c: &&Candidate| c.row.score == me.row.score;
            let shared = order.iter().filter(same).count() > 1;
            for c in order {
                t.step(|| standing_step(plan, c, shared && same(&c), (rule, measure)));
            }
            if let (Some(before), Some(delta)) = (me.row.previous, me.row.delta) {
                t.step(|| {
                    let n = before.to_string();
                    Derivation::new("位次升降", "movement", moved(delta))
                        .by(format!("上轮第 {n} 名"), format!("was {n} before"))
                });
            }
            t.step(|| rank_step(me, zh, en).rule(plan.rules.clause("rank")));
        },
        |()| Derivation::new(zh, en, me.row.rank),
    );
}

/// 升, 降, 平 and by how many places.
fn moved(delta: i64) -> Figure {
    let n = delta.abs();
    Figure::Word(match delta {
        0 => Bilingual::new("平", "same"),
        1.. => Bilingual::new(format!("升 {n}"), format!("up {n}")),
        _ => Bilingual::new(format!("降 {n}"), format!("down {n}")),
    })
}

fn rank_step(me: &Candidate, zh: &str, en: &str) -> Derivation {
    let (tied_zh, tied_en) = if me.row.tied { ("，并列", ", tied") } else { ("", "") };
    let score = me.row.score.map_or_else(String::new, |s| s.fixed(2));
    let (ahead_zh, ahead_en) = me.row.margin.map_or_else(Default::default, |m| {
        (format!("，高于下一名 {}", m.fixed(2)), format!(", {} above the next", m.fixed(2)))
    });
    Derivation::new(zh, en, me.row.rank)
        .by(format!("{score}{tied_zh}{ahead_zh}"), format!("{score}{tied_en}{ahead_en}"))
}

/// One unit in the order; with what the tie-breaks look at, where they had to.
fn standing_step(plan: &Plan, c: &Candidate, tie: bool, (rule, measure): (&RankRule, Measure)) -> Derivation {
    let called = |lang, none| c.unit.map_or(none, |u| plan.unit(u).briefly(lang));
    let step = Derivation::new(called(Lang::Zh, "未注明"), called(Lang::En, "not stated"), c.row.rank);
    let score = c.row.score.map_or_else(String::new, |s| s.fixed(2));
    let breaks = |zh: bool| -> String {
        let r = c.tie(measure);
        rule.tie_break
            .iter()
            .map(|by| match (by, r) {
                (TieBreak::MustCompletedRate, r) => {
                    let (n, of) = r.map_or((0, 0), |r| (r.must_completed, r.must));
                    if zh { format!("  确保完成 {n}/{of}") } else { format!("  must completed {n}/{of}") }
                }
                (TieBreak::BehindCount, r) => {
                    let n = r.map_or(0, |r| r.behind);
                    if zh { format!("  滞后 {n}") } else { format!("  behind {n}") }
                }
                (TieBreak::DeductionTotal, _) => {
                    let n = c.deducted(measure).map_or(Points::ZERO, |a| a.deduction_total).short();
                    if zh { format!("  扣分 {n}") } else { format!("  deductions {n}") }
                }
            })
            .collect()
    };
    if tie {
        step.by(format!("{score}  同分比{}", breaks(true)), format!("{score}  tie-break{}", breaks(false)))
    } else {
        step.sum(score)
    }
}

fn unranked_step(plan: &Plan, c: Option<&Candidate>, (rule, measure): (&RankRule, Measure)) -> Derivation {
    let (zh, en) = rank_label(measure);
    let step = Derivation::new(zh, en, Figure::None).rule(plan.rules.clause("rank"));
    let least = rule.min_projects;
    match c {
        Some(c) if !c.unit.is_some_and(|u| plan.unit(u).ranked) => step.by("不参加排名", "is not ranked"),
        Some(c) if c.row.score.is_none() => step.by("没有得分，不排名", "no value: no rank"),
        _ => {
            step.by(format!("计分项目少于 {least} 个，不排名"), format!("fewer than {least} scored projects: no rank"))
        }
    }
}

fn candidate<'a>(
    plan: &Plan,
    unit: Option<UnitIx>,
    (assessment, observation): (Option<&'a UnitResult>, Option<&'a UnitResult>),
    (measure, weights, paired): (Measure, &CompositeRule, bool),
    trace: &mut Trace,
) -> Candidate<'a> {
    let (a, o) = (assessment.and_then(|r| r.value), observation.and_then(|r| r.value));
    let both = paired.then(|| {
        if measure != Measure::Composite {
            return composite(a, o, &plan.rules, weights, &mut Trace::off());
        }
        trace.under(|t| composite(a, o, &plan.rules, weights, t), |c| Derivation::new("综合", "composite", *c))
    });
    let both = both.flatten();
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
        gap: None,
    };
    Candidate { unit, assessment, observation, row }
}
