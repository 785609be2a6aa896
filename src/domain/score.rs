//! 得分. From parts and events to the score of a project, and its earned points (F5, F7, F8).

use serde::{Deserialize, Serialize};

use super::change::Subject;
use super::district::RoundIx;
use super::events::{Events, events};
use super::explain::{Derivation, Figure, Trace, equals, plus};
use super::project::{Commitment, Project};
use super::scoring::{Basis, RuleSet, ScoreRecord, StretchMode, TaskPoints};
use super::snapshot::Kept;
use super::suggestion::{Facts, suggestion};
use super::value::{Bilingual, Date, Money, Points, Ratio};
use super::words::Word;

pub use super::suggestion::Suggestion;

/// State of a project in a round (F5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreState {
    /// 认定
    Certified,
    /// 暂认定
    Provisional,
    /// 暂不计分
    NotScored,
    /// 不纳入
    OutOfScope,
}

/// One criterion of a project's score (F5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Effective points; none where not applicable or missing.
    pub points: Option<Points>,
    /// How they came about.
    pub basis: Basis,
    /// 推算
    pub suggestion: Suggestion,
    /// Newest ledger entry of the cell: not part of the sealed results.
    #[serde(skip)]
    pub seq: Option<u64>,
}

impl Part {
    /// Whether somebody has entered it: neither missing nor merely derived.
    #[must_use]
    pub fn is_entered(&self) -> bool {
        !matches!(self.basis, Basis::Derived | Basis::Missing)
    }
}

/// Deductions of one kind, before capping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Id of the rule.
    pub kind: String,
    /// Events.
    pub count: u32,
    /// count × points
    pub points: Points,
}

/// 项目得分
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectScore {
    /// 认定, 暂认定, 暂不计分, 不纳入
    pub state: ScoreState,
    /// Per criterion of the rule set; empty when out of scope.
    pub parts: Vec<Part>,
    /// Points of the criteria that have effective points.
    pub applicable: Points,
    /// 加分, capped.
    pub bonus: Points,
    /// 扣分 by kind, before capping.
    pub deductions: Vec<Deduction>,
    /// 扣分, capped per group.
    pub deduction_total: Points,
    /// 一票否决
    pub veto: bool,
    /// 得分
    pub score: Option<Points>,
    /// 任务分值; none out of scope.
    pub task_points: Option<u16>,
    /// 完成分值
    pub earned_points: Option<Points>,
}

impl ProjectScore {
    /// A project that the round does not assess.
    #[must_use]
    pub fn out_of_scope() -> Self {
        Self {
            state: ScoreState::OutOfScope,
            parts: Vec::new(),
            applicable: Points::ZERO,
            bonus: Points::ZERO,
            deductions: Vec::new(),
            deduction_total: Points::ZERO,
            veto: false,
            score: None,
            task_points: None,
            earned_points: None,
        }
    }
}

/// 考核 of a round: the score of every project, by [`super::district::ProjectIx`].
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The round.
    pub round: RoundIx,
    /// Its as-of day.
    pub at: Date,
    /// Scores.
    pub scores: Vec<ProjectScore>,
}

impl Assessment {
    /// Projects in scope.
    #[must_use]
    pub fn in_scope(&self) -> usize {
        self.scores.iter().filter(|s| s.state != ScoreState::OutOfScope).count()
    }

    /// 录入一部分: projects to certify of which something is entered and something is not.
    #[must_use]
    pub fn partly_entered(&self) -> usize {
        let begun = |s: &&ProjectScore| s.state == ScoreState::Provisional && s.parts.iter().any(Part::is_entered);
        self.scores.iter().filter(begun).count()
    }

    /// Projects in a state.
    #[must_use]
    pub fn count(&self, state: ScoreState) -> usize {
        self.scores.iter().filter(|s| s.state == state).count()
    }
}

/// F8. 任务分值: the plan's own, else the tier of the total investment, else the default.
#[must_use]
pub fn task_points(project: &Project, rule: &TaskPoints, trace: &mut Trace) -> u16 {
    let tier = |m: Money| {
        let yuan = m.in_yuan()?;
        rule.tiers.iter().rev().find(|(at_least, _)| at_least.amount <= yuan).map(|t| (m, *t))
    };
    if let Some(own) = project.task_points {
        trace.working(|| Bilingual::new("计划另定", "set by the plan"));
        return own;
    }
    let Some((total, (at_least, points))) = project.total_investment.and_then(tier) else {
        trace.working(|| Bilingual::new("总投资未注明，取默认", "total investment not stated: the default"));
        return rule.default;
    };
    trace.working(|| {
        let (total, bound) = (total.exact(), at_least.exact());
        Bilingual::new(format!("总投资 {total}，{bound}以上档"), format!("total investment {total}, tier from {bound}"))
    });
    points
}

/// Whether the rule set assesses a project.
#[must_use]
pub fn in_scope(project: &Project, rules: &RuleSet) -> bool {
    let stretch = rules.scope.stretch == StretchMode::Same && project.commitment == Commitment::Stretch;
    !project.state.is_excluded() && (stretch || rules.scope.commitments.contains(&project.commitment))
}

/// F5. The effective points of a criterion.
fn part(
    suggest: impl FnOnce(&mut Trace) -> Suggestion,
    entry: Option<&Kept<ScoreRecord>>,
    key: impl FnOnce() -> Subject,
    trace: &mut Trace,
) -> Part {
    let Some(entry) = entry else {
        let suggestion = suggest(trace);
        let (points, basis) = match suggestion {
            Suggestion::Value(p) => (Some(p), Basis::Derived),
            Suggestion::NotApplicable => (None, Basis::NotApplicable),
            Suggestion::Missing => (None, Basis::Missing),
        };
        return Part { points, basis, suggestion, seq: None };
    };
    let suggestion = trace.under(suggest, |s| Derivation::new("推算", "suggestion", s.value()));
    let ScoreRecord { points, basis, .. } = entry.value;
    trace.step(|| {
        let label = basis.label();
        Derivation::new(label.zh, label.en, points).by(&entry.value.note, &entry.value.note).from_record(Some(key()))
    });
    trace.working(|| basis.label());
    Part { points, basis, suggestion, seq: Some(entry.seq) }
}

/// F3–F8. The score of a project in a round from `from` at a day, with the entries per criterion.
pub(super) fn project_score(
    f: &Facts,
    rules: &RuleSet,
    year: i16,
    (round, from, at): (&str, Date, Date),
    entries: &[Option<&Kept<ScoreRecord>>],
    trace: &mut Trace,
) -> ProjectScore {
    if !in_scope(f.project, rules) {
        trace.step(|| out_of_scope_step(f.project));
        return ProjectScore::out_of_scope();
    }
    let mut score = trace.under(
        |t| {
            let parts: Vec<Part> = rules
                .criteria
                .iter()
                .zip(entries)
                .map(|(c, e)| {
                    let key = || Subject::score(round, &f.project.id, &c.id);
                    let label = |p: &Part| Derivation::new(c.label.as_str(), c.label.as_str(), p.points);
                    let clause = rules.clause(format!("criterion.{}", c.id));
                    t.under(|t| part(|t| suggestion(c, f, at, year, t), *e, key, t), |p| label(p).rule(clause))
                })
                .collect();
            let events = events(f, rules, (from, at), t);
            total(parts, events, rules, t)
        },
        |s| Derivation::new("得分", "score", s.score).by(s.state.both().0, s.state.both().1),
    );
    let earned = trace.under(
        |t| {
            let task = t.under(
                |t| task_points(f.project, &rules.task_points, t),
                |task| Derivation::new("任务分值", "task points", u32::from(*task)).rule(rules.clause("task_points")),
            );
            let exact = score.score.map(|s| Ratio::new(i128::from(task), 100) * s.ratio());
            let earned = exact.map(Ratio::round2);
            t.step(|| earned_step(task, score.score, exact));
            (task, earned)
        },
        |(_, earned)| Derivation::new("完成分值", "earned points", *earned),
    );
    (score.task_points, score.earned_points) = (Some(earned.0), earned.1);
    score
}

fn out_of_scope_step(project: &Project) -> Derivation {
    let why = project.state_reason.as_deref().unwrap_or_default();
    let state = project.state.label();
    Derivation::new("得分", "score", Figure::None)
        .by(format!("不在考核范围（{}）{why}", state.zh), format!("out of scope ({}) {why}", state.en))
}

fn earned_step(task: u16, score: Option<Points>, exact: Option<Ratio>) -> Derivation {
    let step = Derivation::new("完成分值", "earned points", exact.map(Ratio::round2));
    match score {
        Some(s) => step.sum(format!("{task} x {} / 100{}", s.fixed(2), equals(exact))),
        None => step.by("没有得分，不计入合计", "no score: it adds to nothing"),
    }
}

/// F5, F7. From parts and events to the score; the task points are still to come.
fn total(parts: Vec<Part>, events: Events, rules: &RuleSet, trace: &mut Trace) -> ProjectScore {
    let present = || rules.criteria.iter().zip(&parts).filter_map(|(c, p)| Some((c.points, p.points?)));
    let applicable: Points = present().map(|(max, _)| max).sum();
    let effective: Points = present().map(|(_, p)| p).sum();
    let settled = parts.iter().all(|p| p.seq.is_some() || p.suggestion == Suggestion::NotApplicable);
    trace.step(|| {
        Derivation::new("适用分值", "applicable points", applicable).sum(plus(present().map(|(max, _)| max.short())))
    });
    trace.step(|| Derivation::new("合计", "sum", effective).sum(plus(present().map(|(_, p)| p.short()))));
    let enough = applicable >= rules.scope.min_applicable && applicable > Points::ZERO;
    let exact = enough.then(|| (Ratio::int(100) * effective.ratio()).over(applicable.ratio())).flatten();
    trace.step(|| base_step(effective, applicable, exact, rules));
    let base = exact.map(Ratio::round2);
    let sum = base.map(|base| base + events.bonus - events.deduction_total);
    let score = if events.veto { Some(Points::ZERO) } else { sum.map(|s| rules.caps.project.clamp(s)) };
    trace.step(|| score_step(base, &events, score, rules));
    let state = match (settled, enough || events.veto) {
        (false, _) => ScoreState::Provisional,
        (true, false) => ScoreState::NotScored,
        (true, true) => ScoreState::Certified,
    };
    let Events { bonus, deductions, deduction_total, veto } = events;
    let (task_points, earned_points) = (None, None);
    ProjectScore {
        state,
        parts,
        applicable,
        bonus,
        deductions,
        deduction_total,
        veto,
        score,
        task_points,
        earned_points,
    }
}

fn base_step(effective: Points, applicable: Points, exact: Option<Ratio>, rules: &RuleSet) -> Derivation {
    let step = Derivation::new("折算", "base", exact.map(Ratio::round2)).rule(rules.clause("scope"));
    let (applies, least) = (applicable.short(), rules.scope.min_applicable.short());
    if exact.is_none() {
        return step.by(
            format!("适用分值 {applies}，少于 {least}：暂不计分"),
            format!("applicable points {applies}, fewer than {least}: not scored"),
        );
    }
    step.sum(format!("100 x {} / {applies}{}", effective.short(), equals(exact)))
}

fn score_step(base: Option<Points>, events: &Events, score: Option<Points>, rules: &RuleSet) -> Derivation {
    let step = Derivation::new("得分", "score", score).rule(rules.clause("caps"));
    if events.veto {
        return step.by("一票否决", "vetoed").rule(rules.clause("veto"));
    }
    let Some(base) = base else { return step.by("暂不计分", "not scored") };
    let sum = base + events.bonus - events.deduction_total;
    let terms =
        format!("{} + {} - {} = {}", base.fixed(2), events.bonus.short(), events.deduction_total.short(), sum.fixed(2));
    let (min, max) = (rules.caps.project.min.short(), rules.caps.project.max.short());
    if Some(sum) == score {
        step.by(terms.clone(), terms)
    } else {
        step.by(format!("{terms}，限 {min} 至 {max}"), format!("{terms}, limited to {min} to {max}"))
    }
}

/// The record of a score as entered now (F5): its basis is fixed by the suggestion of this moment.
pub(super) fn entry(suggestion: Suggestion, points: Option<Points>, note: &str) -> ScoreRecord {
    let basis = match (points, suggestion) {
        (None, _) => Basis::NotApplicable,
        (Some(p), Suggestion::Value(s)) if p == s => Basis::Accepted,
        (Some(_), Suggestion::Value(_) | Suggestion::NotApplicable) => Basis::Override,
        (Some(_), Suggestion::Missing) => Basis::Entered,
    };
    ScoreRecord { basis, note: note.to_owned(), points, suggestion: suggestion.value() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n1_basis_is_fixed_at_entry() {
        let s = Suggestion::Value(Points(2240));
        assert_eq!(entry(s, Some(Points(2240)), "").basis, Basis::Accepted);
        assert_eq!(entry(s, Some(Points(2000)), "").basis, Basis::Override);
        assert_eq!(entry(s, None, "x").basis, Basis::NotApplicable);
        assert_eq!(entry(Suggestion::NotApplicable, Some(Points(3000)), "").basis, Basis::Override);
        assert_eq!(entry(Suggestion::Missing, Some(Points(450)), "").basis, Basis::Entered);
    }
}
