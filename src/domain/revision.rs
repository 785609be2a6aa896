//! 两次封存之间. What differs between two seals of one round, from their documents.

use std::collections::HashMap;

use serde_json::Value;

use super::board::{self, Asked, BoardRow, Measure, UnitResult};
use super::district::{Plan, RoundKind};
use super::panel::Panel;
use super::project::BoardKind;
use super::results::Results;
use super::score::ProjectScore;
use super::value::Points;

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// 规则、打分票、认定: what went in.
    Input,
    /// 项目得分
    Project,
    /// 观摩得分
    Panel,
    /// 单位得分
    Unit,
    /// 名次
    Rank,
}

/// One value that differs, old and new; null = not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is about.
    pub aspect: Aspect,
    /// Which: `<project>/<criterion>`, `<site>/<judge>`, a project, `<board>/<unit>`; empty for the round itself.
    pub key: String,
    /// Which value of it.
    pub field: &'static str,
    /// In the earlier seal.
    pub old: Value,
    /// In the later one.
    pub new: Value,
}

/// The rows of a board as a seal froze them, ranked by its own rules; without movement.
#[must_use]
pub fn rows(plan: &Plan, results: &Results, kind: BoardKind) -> (Measure, Vec<BoardRow>) {
    let units = Some(results.units.of(kind));
    let (measure, sources) = match results.kind {
        RoundKind::Assessment => (Measure::Assessment, (units, None)),
        RoundKind::Observation => (Measure::Observation, (None, units)),
    };
    let rules = (&results.rank, &results.composite);
    (measure, board::rows(plan, (kind, measure), sources, rules, false, |_| None, &mut Asked::nobody()))
}

/// The rows of the composite that the seals of a pair make, by the weights and the rank rule of the assessment; without
/// movement.
#[must_use]
pub fn composite_rows(plan: &Plan, a: &Results, o: &Results, kind: BoardKind) -> Vec<BoardRow> {
    let units = (Some(a.units.of(kind)), Some(o.units.of(kind)));
    let rules = (&a.rank, &a.composite);
    board::rows(plan, (kind, Measure::Composite), units, rules, true, |_| None, &mut Asked::nobody())
}

/// Everything that differs between two seals of one round: inputs, project scores, panels, unit values, ranks.
#[must_use]
pub fn differences(plan: &Plan, old: &Results, new: &Results) -> Vec<Difference> {
    let mut found = Vec::new();
    inputs(&mut found, old, new);
    keyed(&mut found, Aspect::Project, &pairs(&old.scores), &pairs(&new.scores), score_fields);
    keyed(&mut found, Aspect::Panel, &pairs(&old.panels), &pairs(&new.panels), panel_fields);
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        let units = |r: &Results| -> Vec<(String, UnitResult)> {
            r.units.of(kind).iter().map(|u| (unit_key(kind, u.unit.as_deref()), u.clone())).collect()
        };
        let (before, after) = (units(old), units(new));
        keyed(&mut found, Aspect::Unit, &pairs(&before), &pairs(&after), unit_fields);
    }
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        let ranks = |r: &Results| -> Vec<(String, Option<u32>)> {
            let code = |row: &BoardRow| row.unit.map(|u| plan.unit(u).code.clone());
            rows(plan, r, kind).1.iter().map(|row| (unit_key(kind, code(row).as_deref()), row.rank)).collect()
        };
        let (before, after) = (ranks(old), ranks(new));
        keyed(&mut found, Aspect::Rank, &pairs(&before), &pairs(&after), |rank| {
            vec![("rank", rank.map_or(Value::Null, Into::into))]
        });
    }
    found
}

fn unit_key(kind: BoardKind, unit: Option<&str>) -> String {
    let board = match kind {
        BoardKind::Headquarters => "headquarters",
        BoardKind::Towns => "towns",
    };
    format!("{board}/{}", unit.unwrap_or("-"))
}

fn points(p: Option<Points>) -> Value {
    p.map_or(Value::Null, Points::json)
}

fn pairs<T>(list: &[(String, T)]) -> Vec<(String, &T)> {
    list.iter().map(|(key, value)| (key.clone(), value)).collect()
}

/// Notes the fields that differ of everything that stands in either list, in the order of the later one.
fn keyed<T>(
    found: &mut Vec<Difference>,
    aspect: Aspect,
    old: &[(String, &T)],
    new: &[(String, &T)],
    fields: impl Fn(&T) -> Vec<(&'static str, Value)>,
) {
    let by_key = |list: &[(String, &T)]| -> HashMap<String, Vec<_>> {
        list.iter().map(|(k, v)| (k.clone(), fields(v))).collect()
    };
    let (before, after) = (by_key(old), by_key(new));
    let gone = old.iter().map(|(key, _)| key).filter(|key| !after.contains_key(*key));
    let none = Vec::new();
    for key in new.iter().map(|(key, _)| key).chain(gone) {
        let (before, after) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        let names = if after.is_empty() { before } else { after };
        for (field, _) in names {
            let value =
                |side: &[(&str, Value)]| side.iter().find(|(f, _)| f == field).map_or(Value::Null, |f| f.1.clone());
            let (old, new) = (value(before), value(after));
            if old != new {
                found.push(Difference { aspect, key: key.clone(), field, old, new });
            }
        }
    }
}

/// What went in: the rules, the day, the entries by criterion, the ballots.
fn inputs(found: &mut Vec<Difference>, old: &Results, new: &Results) {
    let rules = |r: &Results| {
        vec![("rules_sha256", Value::from(r.rules_sha256.as_str())), ("as_of", Value::from(r.as_of.to_string()))]
    };
    keyed(found, Aspect::Input, &[(String::new(), old)], &[(String::new(), new)], rules);
    let parts = |r: &Results| -> Vec<(String, super::score::Part)> {
        let of = |(project, score): &(String, ProjectScore)| {
            let named = r.criteria.iter().zip(score.parts.clone());
            named.map(|(criterion, part)| (format!("{project}/{criterion}"), part)).collect::<Vec<_>>()
        };
        r.scores.iter().flat_map(of).collect()
    };
    let (before, after) = (parts(old), parts(new));
    keyed(found, Aspect::Input, &pairs(&before), &pairs(&after), |part| {
        vec![("points", points(part.points)), ("basis", serde_json::to_value(part.basis).unwrap_or_default())]
    });
    let ballots = |r: &Results| -> Vec<(String, (super::panel::BallotState, Option<Points>))> {
        r.ballots.iter().map(|(site, judge, state, score)| (format!("{site}/{judge}"), (*state, *score))).collect()
    };
    let (before, after) = (ballots(old), ballots(new));
    keyed(found, Aspect::Input, &pairs(&before), &pairs(&after), |(state, score)| {
        vec![("state", serde_json::to_value(state).unwrap_or_default()), ("score", points(*score))]
    });
}

fn score_fields(s: &ProjectScore) -> Vec<(&'static str, Value)> {
    vec![
        ("state", serde_json::to_value(s.state).unwrap_or_default()),
        ("bonus", points(Some(s.bonus))),
        ("deduction_total", points(Some(s.deduction_total))),
        ("veto", s.veto.into()),
        ("score", points(s.score)),
        ("task_points", s.task_points.map_or(Value::Null, Into::into)),
        ("earned_points", points(s.earned_points)),
    ]
}

fn panel_fields(p: &Panel) -> Vec<(&'static str, Value)> {
    vec![
        ("score", points(p.score)),
        ("valid", p.valid.into()),
        ("trimmed_per_side", p.trimmed_per_side.into()),
        ("absent", p.absent.into()),
        ("recused", p.recused.into()),
    ]
}

fn unit_fields(u: &UnitResult) -> Vec<(&'static str, Value)> {
    vec![
        ("value", points(u.value)),
        ("task_points", points(Some(u.task_points))),
        ("earned_points", points(Some(u.earned_points))),
        ("stretch_bonus", points(Some(u.stretch_bonus))),
        ("deduction_total", points(Some(u.deduction_total))),
        ("scored", u.scored.into()),
        ("must_completed", u.must_completed.into()),
        ("behind", u.behind.into()),
        ("veto", u.veto.into()),
    ]
}
