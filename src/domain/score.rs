//! 得分. From facts and entries to the score of a project (F3–F8).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::change::{Incident, ProgressRecord};
use super::district::RoundIx;
use super::project::{Commitment, Milestone, Project, Standing, Status, pace};
use super::rectification::Rectification;
use super::scoring::{
    Basis, BonusSource, Criterion, CriterionSource, DeductionSource, Late, RuleSet, ScoreRecord, StretchMode,
    TaskPoints,
};
use super::snapshot::Kept;
use super::value::{Date, Money, Percent, Points, Ratio, days_between};

/// What the facts suggest for a criterion (F3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggestion {
    /// The question does not arise.
    NotApplicable,
    /// It waits for an answer.
    Missing,
    /// 推算
    Value(Points),
}

impl Suggestion {
    /// The points, if there are any.
    #[must_use]
    pub fn value(self) -> Option<Points> {
        match self {
            Self::Value(p) => Some(p),
            Self::NotApplicable | Self::Missing => None,
        }
    }
}

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

    /// Projects in a state.
    #[must_use]
    pub fn count(&self, state: ScoreState) -> usize {
        self.scores.iter().filter(|s| s.state == state).count()
    }
}

/// Everything about one project that its score depends on.
pub(super) struct Facts<'a> {
    pub project: &'a Project,
    pub milestones: &'a [Milestone],
    pub done: &'a [Option<Date>],
    pub standing: Standing,
    pub progress: Option<&'a (Date, ProgressRecord)>,
    pub incidents: &'a [&'a Incident],
    pub rectifications: &'a [&'a Rectification],
}

/// F8. 任务分值: the plan's own, else the tier of the total investment, else the default.
#[must_use]
pub fn task_points(project: &Project, rule: &TaskPoints) -> u16 {
    let tier = |m: Money| {
        let yuan = m.in_yuan()?;
        rule.tiers.iter().rev().find(|(at_least, _)| at_least.amount <= yuan).map(|t| t.1)
    };
    project.task_points.or_else(|| project.total_investment.and_then(tier)).unwrap_or(rule.default)
}

/// F4. Credit of a milestone at a day.
#[must_use]
pub fn credit(due: Date, done: Option<Date>, at: Date, late: Option<Late>) -> Ratio {
    let Some(done) = done.filter(|d| *d <= at) else { return Ratio::ZERO };
    let days = days_between(due, done);
    match late {
        Some(late) if days > 0 => {
            let steps = Ratio::new(i128::from(days), i128::from(late.step_days.max(1))).ceil();
            let kept = Ratio::new(i128::from(100 - late.loss_percent * steps), 100);
            kept.max(Ratio::new(i128::from(late.floor_percent), 100))
        }
        _ => Ratio::ONE,
    }
}

/// p · min(cap, part / whole); none when the whole is 0.
fn capped(criterion: &Criterion, part: Ratio, whole: Ratio) -> Option<Points> {
    let cap = Ratio::new(i128::from(criterion.cap_percent), 100);
    part.over(whole).map(|r| (criterion.points.ratio() * cap.min(r)).round2())
}

/// F3. What the facts suggest for a criterion at a day.
pub(super) fn suggestion(criterion: &Criterion, f: &Facts, at: Date, year: i16) -> Suggestion {
    use Suggestion::{Missing, NotApplicable, Value};
    let record = f.progress.map(|(date, r)| (*date, r));
    let of = |value: Option<Points>| value.map_or(NotApplicable, Value);
    match criterion.source {
        CriterionSource::Entry => Missing,
        CriterionSource::Milestones => {
            let all = f.standing.status == Status::Completed;
            let (mut earned, mut weights) = (Ratio::ZERO, 0_i128);
            for (m, done) in f.milestones.iter().zip(f.done).filter(|(m, _)| all || m.due <= at) {
                earned = earned + Ratio::int(m.weight) * credit(m.due, *done, at, criterion.late);
                weights += i128::from(m.weight);
            }
            of((criterion.points.ratio() * earned).over(Ratio::int(weights)).map(Ratio::round2))
        }
        CriterionSource::CertifiedProgress => match record.map(|(_, r)| (r.percent, r.planned_percent)) {
            Some((_, Some(Percent::ZERO))) => NotApplicable,
            Some((Some(done), Some(planned))) => of(capped(criterion, done.ratio(), planned.ratio())),
            _ => Missing,
        },
        CriterionSource::Permits => match record.map(|(_, r)| (r.permits_obtained, r.permits_due)) {
            Some((_, Some(0))) => NotApplicable,
            Some((Some(got), Some(due))) => of(capped(criterion, Ratio::int(got), Ratio::int(due))),
            _ => Missing,
        },
        CriterionSource::Investment => {
            let year_pace = pace(Date::constant(year, 1, 1), Date::constant(year, 12, 31), at, criterion.pace);
            let Some(plan) = f.project.annual_plan.filter(|_| year_pace != Ratio::ZERO) else { return NotApplicable };
            let this_year = record.filter(|(date, _)| date.year() >= year);
            match this_year.and_then(|(_, r)| r.invested).filter(|i| i.currency == plan.currency) {
                Some(i) => of(capped(criterion, Ratio::int(i.amount), Ratio::int(plan.amount) * year_pace)),
                None => Missing,
            }
        }
    }
}

/// Whether the rule set assesses a project.
#[must_use]
pub fn in_scope(project: &Project, rules: &RuleSet) -> bool {
    let stretch = rules.scope.stretch == StretchMode::Same && project.commitment == Commitment::Stretch;
    !project.state.is_excluded() && (stretch || rules.scope.commitments.contains(&project.commitment))
}

/// F5. The effective points of a criterion.
fn part(suggestion: Suggestion, entry: Option<&Kept<ScoreRecord>>) -> Part {
    let (points, basis) = match (entry, suggestion) {
        (Some(e), _) => (e.value.points, e.value.basis),
        (None, Suggestion::Value(p)) => (Some(p), Basis::Derived),
        (None, Suggestion::NotApplicable) => (None, Basis::NotApplicable),
        (None, Suggestion::Missing) => (None, Basis::Missing),
    };
    Part { points, basis, suggestion, seq: entry.map(|e| e.seq) }
}

/// The events that count for a project in a round, by the id they count as (F6).
fn events(f: &Facts, rules: &RuleSet, from: Date, at: Date) -> HashMap<String, u32> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for incident in f.incidents.iter().filter(|i| i.date <= at) {
        let resolves_to =
            |id: &str| rules.deductions.iter().find(|d| d.id == id).and_then(|d| d.when_resolved.as_ref());
        let resolved_from =
            |id: &str| rules.deductions.iter().find(|d| d.when_resolved.as_deref() == Some(id)).map(|d| &d.id);
        let kind = incident.event.as_str();
        let pair = match (resolves_to(kind), resolved_from(kind)) {
            (Some(resolved), _) => Some((kind, resolved.as_str())),
            (None, Some(unresolved)) => Some((unresolved.as_str(), kind)),
            (None, None) => None,
        };
        let resolved = incident.resolved.filter(|d| *d <= at);
        let (over, counts_as) = match pair {
            Some((unresolved, resolved_kind)) => {
                (resolved, if resolved.is_some() { resolved_kind } else { unresolved })
            }
            None => (Some(incident.date), kind),
        };
        if over.is_none_or(|d| d >= from) {
            *counts.entry(counts_as.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Days between the latest due and the latest done day of a completed project.
fn days_early(f: &Facts, at: Date) -> Option<i64> {
    let due = f.milestones.iter().map(|m| m.due).max()?;
    let done = f.done.iter().flatten().filter(|d| **d <= at).max()?;
    (f.standing.status == Status::Completed).then(|| days_between(*done, due))
}

fn times(points: Points, count: u32) -> Points {
    Points(points.0 * i64::from(count))
}

/// F3–F8. The score of a project in a round from `from` at a day, with the entries per criterion.
pub(super) fn project_score(
    f: &Facts,
    rules: &RuleSet,
    year: i16,
    (from, at): (Date, Date),
    entries: &[Option<&Kept<ScoreRecord>>],
) -> ProjectScore {
    if !in_scope(f.project, rules) {
        return ProjectScore::out_of_scope();
    }
    let parts: Vec<Part> =
        rules.criteria.iter().zip(entries).map(|(c, e)| part(suggestion(c, f, at, year), *e)).collect();
    let applicable: Points =
        rules.criteria.iter().zip(&parts).filter(|(_, p)| p.points.is_some()).map(|(c, _)| c.points).sum();
    let effective: Points = parts.iter().filter_map(|p| p.points).sum();
    let settled = parts.iter().all(|p| p.seq.is_some() || p.suggestion == Suggestion::NotApplicable);

    let counts = events(f, rules, from, at);
    let count = |id: &str| counts.get(id).copied().unwrap_or(0);
    let overdue = f.rectifications.iter().filter(|r| r.issued <= at && r.due < at && !r.closed_by(at)).count();
    let mut deductions = Vec::new();
    let mut groups: HashMap<&str, Points> = HashMap::new();
    for rule in &rules.deductions {
        let n = match rule.source {
            DeductionSource::Incidents => count(&rule.id),
            DeductionSource::OverdueRectifications => u32::try_from(overdue).unwrap_or(u32::MAX),
            DeductionSource::StopAndGo => u32::from(f.project.stall == Some(super::project::Stall::StopAndGo)),
        };
        if n > 0 {
            let points = times(rule.points, n);
            deductions.push(Deduction { kind: rule.id.clone(), count: n, points });
            let sum = groups.entry(&rule.group).or_default();
            *sum = *sum + points;
        }
    }
    let deduction_total: Points =
        groups.iter().map(|(group, sum)| rules.caps.deduction.get(*group).map_or(*sum, |cap| *sum.min(cap))).sum();
    let bonus: Points = rules
        .bonuses
        .iter()
        .map(|rule| match rule.source {
            BonusSource::Incidents => times(rule.points, count(&rule.id)),
            BonusSource::EarlyCompletion => {
                let steps = days_early(f, at).unwrap_or(0).max(0) / rule.step_days.max(1);
                times(rule.points, u32::try_from(steps).unwrap_or(u32::MAX))
            }
        })
        .sum();
    let bonus = bonus.min(rules.caps.bonus);
    let veto = rules.veto.events.iter().any(|(id, _)| count(id) > 0);

    let enough = applicable >= rules.scope.min_applicable && applicable > Points::ZERO;
    let score = if veto {
        Some(Points::ZERO)
    } else if enough {
        let base = (Ratio::int(100) * effective.ratio()).over(applicable.ratio()).map_or(Points::ZERO, Ratio::round2);
        Some(rules.caps.project.clamp(base + bonus - deduction_total))
    } else {
        None
    };
    let state = match (settled, enough || veto) {
        (false, _) => ScoreState::Provisional,
        (true, false) => ScoreState::NotScored,
        (true, true) => ScoreState::Certified,
    };
    let task = task_points(f.project, &rules.task_points);
    let earned_points = score.map(|s| (Ratio::new(i128::from(task), 100) * s.ratio()).round2());
    ProjectScore {
        state,
        parts,
        applicable,
        bonus,
        deductions,
        deduction_total,
        veto,
        score,
        task_points: Some(task),
        earned_points,
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

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn e15_credit_of_late_milestones() {
        let late = Some(Late { step_days: 30, loss_percent: 10, floor_percent: 50 });
        let due = day("2014-01-01");
        for (days, tenths) in [(0, 10), (1, 9), (30, 9), (31, 8), (60, 8), (120, 6), (150, 5), (151, 5), (200, 5)] {
            let done = due.checked_add(jiff::Span::new().days(days)).expect("in range");
            assert_eq!(credit(due, Some(done), day("2014-12-31"), late), Ratio::new(tenths, 10), "{days} days late");
        }
        assert_eq!(credit(due, None, day("2014-12-31"), late), Ratio::ZERO);
        assert_eq!(credit(due, Some(day("2014-03-01")), day("2014-02-01"), late), Ratio::ZERO, "done after D");
    }

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
