//! The score of a project told again from what was drawn: F3–F8, each in the words of the guide.

use std::collections::BTreeMap;

use dukao::domain::district::{ProjectIx, RoundIx};
use dukao::domain::project::{Commitment, Light, Status, months_of};
use dukao::domain::score::{ProjectScore, ScoreState, Suggestion};
use dukao::domain::scoring::StretchMode;
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::{Date, Points, Ratio, days_between};
use proptest::prelude::*;

use super::district::{ASSESSMENT, District, Drawn, EARLIER, district};
use super::{config, standing_in};

proptest! {
    #![proptest_config(config())]

    /// What is suggested, entered, added, deducted and vetoed makes the score, its state and the earned points.
    #[test]
    fn a_project_scores_its_parts_bonuses_and_deductions(d in district()) {
        let s = d.snapshot();
        for round in [EARLIER, ASSESSMENT] {
            let a = s.assessment(round).expect("an assessment");
            let all = &a.scores;
            let states = [ScoreState::Certified, ScoreState::Provisional, ScoreState::NotScored];
            for state in states {
                prop_assert_eq!(a.count(state), all.iter().filter(|p| p.state == state).count(), "{:?}", state);
            }
            prop_assert_eq!(states.map(|state| a.count(state)).iter().sum::<usize>(), a.in_scope());
            for ((ix, drawn), score) in (0..).map(ProjectIx).zip(&d.projects).zip(all) {
                let told = told(&s, &d, (ix, drawn), round);
                prop_assert_eq!(told, seen(score), "{} in {:?}: {:?}", drawn.name(), round, score);
            }
        }
    }

    /// F1: a project stands as its worst open milestone.
    #[test]
    fn a_project_stands_as_its_worst_open_milestone(d in district()) {
        let s = d.snapshot();
        for (ix, drawn) in (0..).map(ProjectIx).zip(&d.projects) {
            let (at, now) = (s.round_date(ASSESSMENT), standing_in(&s, ix, ASSESSMENT));
            let open = drawn.milestones.iter().filter(|(_, _, done)| done.is_none_or(|d| d > at));
            let worst = open.clone().map(|(due, _, _)| days_between(*due, at)).max();
            let expected = match worst {
                _ if drawn.state.is_excluded() => (Status::Excluded, None, None),
                _ if drawn.milestones.is_empty() => (Status::Unknown, Some(Light::Grey), None),
                None => (Status::Completed, Some(Light::Green), None),
                Some(..=0) => (Status::OnTrack, Some(Light::Green), None),
                Some(lag @ ..=30) => (Status::Behind, Some(Light::Yellow), Some(lag)),
                Some(lag) => (Status::Behind, Some(Light::Red), Some(lag)),
            };
            prop_assert_eq!((now.status, now.light, now.lag_days), expected, "{}", drawn.name());
            let next = open.map(|(due, _, _)| *due).min().filter(|_| !drawn.state.is_excluded());
            prop_assert_eq!(now.next.map(|i| drawn.milestones[i].0), next, "{}: next", drawn.name());
        }
    }
}

/// State, points per criterion, applicable, bonus, deductions by kind and in all, score, task points, earned points.
type Told = (
    ScoreState,
    Vec<(Option<Points>, Suggestion)>,
    Points,
    Points,
    BTreeMap<String, u32>,
    Points,
    Option<Points>,
    Option<u16>,
    Option<Points>,
);

fn seen(s: &ProjectScore) -> Told {
    let parts = s.parts.iter().map(|p| (p.points, p.suggestion)).collect();
    let counts = s.deductions.iter().map(|d| (d.kind.clone(), d.count)).collect();
    let (applicable, bonus, total) = (s.applicable, s.bonus, s.deduction_total);
    (s.state, parts, applicable, bonus, counts, total, s.score, s.task_points, s.earned_points)
}

fn told(s: &Snapshot, d: &District, (ix, drawn): (ProjectIx, &Drawn), round: RoundIx) -> Told {
    let assessed = drawn.commitment == Commitment::Must || d.rules.stretch == StretchMode::Same;
    if drawn.state.is_excluded() || !assessed {
        return seen(&ProjectScore::out_of_scope());
    }
    let (from, at) = (s.plan.round(round).from, s.round_date(round));
    let completed = standing_in(s, ix, round).status == Status::Completed;
    let entry = |i: usize| drawn.entries[i].filter(|_| round == ASSESSMENT);
    let full = [40, 25, 15, 15, 5].map(Points::whole);
    let suggested = suggestions(drawn, at, completed);
    let parts: Vec<(Option<Points>, Suggestion)> = (0..5)
        .map(|i| match entry(i) {
            Some(quarters) => (quarters.map(|q| Points(full[i].0 * q / 4)), suggested[i]),
            None => (suggested[i].value(), suggested[i]),
        })
        .collect();
    let settled = (0..5).all(|i| entry(i).is_some() || suggested[i] == Suggestion::NotApplicable);
    let applicable: Points = parts.iter().zip(full).filter(|((p, _), _)| p.is_some()).map(|(_, max)| max).sum();
    let effective: Points = parts.iter().filter_map(|(p, _)| *p).sum();

    let events = events(drawn, from, at);
    let count = |kind: &str| events.get(kind).copied().unwrap_or(0);
    let early = drawn.milestones.iter().map(|m| m.0).max().zip(drawn.milestones.iter().filter_map(|m| m.2).max());
    let early = early.filter(|_| completed).map_or(0, |(due, done)| days_between(done, due).max(0) / 30);
    let bonus = early + i64::from(count("model_city") + 2 * count("model_prov"));
    let bonus = Points::whole(bonus.min(5));
    let capped = |cap: i64, kinds: &[(&str, i64)]| -> i64 {
        kinds.iter().map(|(kind, each)| i64::from(count(kind)) * each).sum::<i64>().min(cap)
    };
    let deducted = capped(10, &[("wage_unresolved", 3), ("wage_resolved", 1)])
        + capped(6, &[("petition_group", 2)])
        + capped(5, &[("rectify_overdue", 1)])
        + capped(4, &[("stop_and_go", 2)])
        + capped(10, &[("criticised_city", 5)]);
    let deducted = Points::whole(deducted);
    let veto = count("serious_accident") > 0;
    let enough = applicable >= Points::whole(40);
    let base = (Ratio::int(100) * effective.ratio()).over(applicable.ratio()).map(Ratio::round2);
    let score = match base {
        _ if veto => Some(Points::ZERO),
        Some(base) if enough => Some((base + bonus - deducted).clamp(Points::ZERO, Points::whole(105))),
        _ => None,
    };
    let state = match (settled, enough || veto) {
        (false, _) => ScoreState::Provisional,
        (true, true) => ScoreState::Certified,
        (true, false) => ScoreState::NotScored,
    };
    let tiers = [(0, 80), (5_000, 100), (10_000, 120), (100_000, 150)];
    let by_investment = |wan: i64| tiers.iter().filter(|(from, _)| *from <= wan).map(|t| t.1).max().unwrap_or(100);
    let task = drawn.task_points.unwrap_or_else(|| drawn.money.0.map_or(100, by_investment));
    let earned = score.map(|p| (Ratio::int(task) * p.ratio() * Ratio::new(1, 100)).round2());
    let other = ["model_city", "model_prov", "serious_accident"];
    let counts = events.into_iter().filter(|(kind, n)| *n > 0 && !other.contains(&kind.as_str())).collect();
    (state, parts, applicable, bonus, counts, deducted, score, Some(task), earned)
}

/// F6: how many events of each kind count.
fn events(drawn: &Drawn, from: Date, at: Date) -> BTreeMap<String, u32> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (kind, date, resolved) in drawn.incidents.iter().filter(|(_, date, _)| *date <= at) {
        let resolved = resolved.filter(|r| *r <= at);
        let (kind, over) = match (kind.starts_with("wage"), resolved) {
            (true, Some(day)) => ("wage_resolved", Some(day)),
            (true, None) => ("wage_unresolved", None),
            (false, _) => (*kind, Some(*date)),
        };
        *counts.entry(kind.to_owned()).or_default() += u32::from(over.is_none_or(|day| day >= from));
    }
    let late = |(issued, due, closed): &&(Date, Date, Option<Date>)| {
        *issued <= at && *due < at && closed.is_none_or(|day| day > at)
    };
    counts.insert("rectify_overdue".into(), drawn.rectifications.iter().filter(late).count() as u32);
    counts.insert("stop_and_go".into(), u32::from(drawn.stop_and_go));
    counts
}

/// F3, F4: what the facts suggest for node, physical, investment, formalities and duty.
fn suggestions(drawn: &Drawn, at: Date, completed: bool) -> [Suggestion; 5] {
    use Suggestion::{Missing, NotApplicable, Value};
    let part = |full: i128, ratio: Ratio| Value((Ratio::int(full) * ratio.min(Ratio::ONE)).round2());
    let credit = |due: Date, done: Option<Date>| match done.filter(|d| *d <= at).map(|d| days_between(due, d)) {
        None => 0,
        Some(..=0) => 100,
        Some(late) => (100 - 10 * ((late + 29) / 30)).max(50),
    };
    let due: Vec<(i64, i64)> = drawn
        .milestones
        .iter()
        .filter(|(due, _, _)| completed || *due <= at)
        .map(|(due, weight, done)| (i64::from(*weight), credit(*due, *done)))
        .collect();
    let (weights, earned) = due.iter().fold((0, 0), |(w, e), (weight, credit)| (w + weight, e + weight * credit));
    let ratio = |a: i64, b: i64| Ratio::new(i128::from(a), i128::from(b));
    let report = drawn.report.filter(|(date, ..)| *date <= at);
    let (gone, months) = months_of(Date::constant(2014, 1, 1), Date::constant(2014, 12, 31), at).expect("a year");
    [
        if due.is_empty() { NotApplicable } else { part(40, ratio(earned, 100 * weights)) },
        match report {
            Some((_, _, Some(0), ..)) => NotApplicable,
            Some((_, percent, Some(planned), ..)) => part(25, ratio(percent, planned)),
            _ => Missing,
        },
        match (drawn.money.1, report) {
            (None, _) => NotApplicable,
            _ if gone == 0 => NotApplicable,
            (Some(plan), Some((_, _, _, invested, _))) => part(15, ratio(invested * months, plan * gone)),
            (Some(_), None) => Missing,
        },
        report.map_or(Missing, |(.., permits)| part(15, ratio(i64::from(permits), 3))),
        Missing,
    ]
}
