//! 加减分. Bonus, deductions and veto of a project in a round (F6).

use std::collections::{BTreeMap, HashMap};

use super::change::{Incident, Kind, Subject};
use super::explain::{Derivation, Trace, plus};
use super::project::{Stall, Status};
use super::score::Deduction;
use super::scoring::{BonusRule, BonusSource, DeductionRule, DeductionSource, RuleSet};
use super::suggestion::Facts;
use super::value::{Bilingual, Date, Points, days_between};

/// What counts for and against a project beside its criteria.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Events {
    /// 加分, capped.
    pub bonus: Points,
    /// 扣分 by kind, before capping.
    pub deductions: Vec<Deduction>,
    /// 扣分, capped per group.
    pub deduction_total: Points,
    /// 一票否决
    pub veto: bool,
}

/// Ids of the incidents that count, by the kind that they count as.
type Counted<'a> = HashMap<&'a str, Vec<&'a str>>;

/// The kind that an incident counts as between `from` and `at`; none where it does not count.
fn counts_as<'a>(incident: &'a Incident, rules: &'a RuleSet, (from, at): (Date, Date)) -> Option<&'a str> {
    if incident.date > at {
        return None;
    }
    let kind = incident.event.as_str();
    let pair = rules
        .deductions
        .iter()
        .filter_map(|d| d.when_resolved.as_deref().map(|resolved| (d.id.as_str(), resolved)))
        .find(|(unresolved, resolved)| [*unresolved, *resolved].contains(&kind));
    let resolved = incident.resolved.filter(|d| *d <= at);
    let (over, counts_as) = match pair {
        Some((_, as_resolved)) if resolved.is_some() => (resolved, as_resolved),
        Some((as_unresolved, _)) => (None, as_unresolved),
        None => (Some(incident.date), kind),
    };
    over.is_none_or(|d| d >= from).then_some(counts_as)
}

/// Days between the latest due and the latest done day of a completed project.
fn days_early(f: &Facts, at: Date) -> Option<i64> {
    let due = f.milestones.iter().map(|m| m.due).max()?;
    let done = f.done.iter().flatten().filter(|d| **d <= at).max()?;
    (f.standing.status == Status::Completed).then(|| days_between(*done, due))
}

fn count(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

fn times(points: Points, count: u32) -> Points {
    Points(points.0 * i64::from(count))
}

fn records(trace: &mut Trace, kind: Kind, ids: &[&str]) {
    for id in ids {
        let (zh, en) = if kind == Kind::Incident { ("事件", "incident") } else { ("整改", "rectification") };
        trace.step(|| {
            Derivation::new(format!("{zh} {id}"), format!("{en} {id}"), 1_i64)
                .from_record(Some(Subject::new(kind, &[id])))
        });
    }
}

/// F6. What counts for and against a project in a round from `from`, at a day.
pub(super) fn events(f: &Facts, rules: &RuleSet, (from, at): (Date, Date), trace: &mut Trace) -> Events {
    let mut counted: Counted = HashMap::new();
    for (id, incident) in f.incidents {
        if let Some(kind) = counts_as(incident, rules, (from, at)) {
            counted.entry(kind).or_default().push(id);
        }
    }
    let bonus = trace.under(|t| bonus(f, rules, &counted, at, t), |sum| Derivation::new("加分", "bonus", *sum));
    let (deductions, deduction_total) = trace.under(
        |t| deductions(f, rules, &counted, at, t),
        |(_, sum)| Derivation::new("扣分", "deductions", *sum).rule(rules.clause("caps.deduction")),
    );
    let vetoes = rules.veto.events.iter().filter_map(|(id, label)| Some((id, label, counted.get(id.as_str())?)));
    let mut veto = false;
    for (id, label, ids) in vetoes {
        veto = true;
        trace.under(
            |t| records(t, Kind::Incident, ids),
            |()| {
                Derivation::new(format!("一票否决：{label}"), format!("veto: {label}"), Points::ZERO)
                    .rule(rules.clause(format!("veto.{id}")))
            },
        );
    }
    Events { bonus, deductions, deduction_total, veto }
}

fn bonus(f: &Facts, rules: &RuleSet, counted: &Counted, at: Date, trace: &mut Trace) -> Points {
    let points: Vec<Points> = rules.bonuses.iter().map(|rule| one_bonus(f, rule, rules, counted, at, trace)).collect();
    let sum: Points = points.iter().copied().sum();
    trace.working(|| limited(&points, rules.caps.bonus));
    sum.min(rules.caps.bonus)
}

/// `a + b`, and the limit where it bites.
fn limited(points: &[Points], cap: Points) -> Bilingual {
    let sum: Points = points.iter().copied().sum();
    let terms = plus(points.iter().filter(|p| **p != Points::ZERO).map(|p| p.short()));
    if sum > cap {
        let cap = cap.short();
        return Bilingual::new(format!("{terms}，封顶 {cap}"), format!("{terms}, at most {cap}"));
    }
    Bilingual::new(terms.clone(), terms)
}

fn one_bonus(f: &Facts, rule: &BonusRule, rules: &RuleSet, counted: &Counted, at: Date, trace: &mut Trace) -> Points {
    let ids = counted.get(rule.id.as_str()).map_or(&[][..], Vec::as_slice);
    let early = days_early(f, at).unwrap_or(0).max(0);
    let n = match rule.source {
        BonusSource::Incidents => count(ids.len()),
        BonusSource::EarlyCompletion => count(early / rule.step_days.max(1)),
    };
    let points = times(rule.points, n);
    if n > 0 {
        trace.under(
            |t| match rule.source {
                BonusSource::Incidents => records(t, Kind::Incident, ids),
                BonusSource::EarlyCompletion => t.working(|| {
                    let (p, step) = (rule.points.short(), rule.step_days);
                    Bilingual::new(
                        format!("提前 {early} 天，每满 {step} 天 {p}：{p} x {n}"),
                        format!("{early} days early, {p} per {step} days: {p} x {n}"),
                    )
                }),
            },
            |()| {
                Derivation::new(rule.label.as_str(), rule.label.as_str(), points)
                    .sum(format!("{} x {n}", rule.points.short()))
                    .rule(rules.clause(format!("bonus.{}", rule.id)))
            },
        );
    }
    points
}

/// How often a deduction counts, with the records that say so.
fn occasions<'a>(f: &Facts<'a>, rule: &DeductionRule, counted: &Counted<'a>, at: Date) -> (u32, Kind, Vec<&'a str>) {
    match rule.source {
        DeductionSource::Incidents => {
            let ids = counted.get(rule.id.as_str()).cloned().unwrap_or_default();
            (count(ids.len()), Kind::Incident, ids)
        }
        DeductionSource::OverdueRectifications => {
            let overdue = f.rectifications.iter().filter(|(_, r)| r.issued <= at && r.due < at && !r.closed_by(at));
            let ids: Vec<&str> = overdue.map(|(id, _)| *id).collect();
            (count(ids.len()), Kind::Rectification, ids)
        }
        DeductionSource::StopAndGo => (u32::from(f.project.stall == Some(Stall::StopAndGo)), Kind::Plan, Vec::new()),
    }
}

fn deductions(f: &Facts, rules: &RuleSet, counted: &Counted, at: Date, trace: &mut Trace) -> (Vec<Deduction>, Points) {
    let mut all = Vec::new();
    let mut groups: BTreeMap<&str, Vec<Points>> = BTreeMap::new();
    for rule in &rules.deductions {
        let (n, kind, ids) = occasions(f, rule, counted, at);
        if n == 0 {
            continue;
        }
        let points = times(rule.points, n);
        trace.under(
            |t| records(t, kind, &ids),
            |()| {
                Derivation::new(rule.label.as_str(), rule.label.as_str(), points)
                    .sum(format!("{} x {n}", rule.points.short()))
                    .rule(rules.clause(format!("deduction.{}", rule.id)))
            },
        );
        all.push(Deduction { kind: rule.id.clone(), count: n, points });
        groups.entry(&rule.group).or_default().push(points);
    }
    let capped: Vec<Points> = groups
        .iter()
        .map(|(group, points)| {
            let sum: Points = points.iter().copied().sum();
            let Some(cap) = rules.caps.deduction.get(*group).filter(|cap| sum > **cap) else { return sum };
            trace.step(|| {
                Derivation { working: limited(points, *cap), ..Derivation::new(*group, *group, *cap) }
                    .rule(rules.clause("caps.deduction"))
            });
            *cap
        })
        .collect();
    trace.sum(|| plus(capped.iter().map(|p| p.short())));
    (all, capped.iter().copied().sum())
}
