//! The worked examples of the scoring guide, by their ids, through the public API on small districts.

use std::collections::BTreeSet;
use std::sync::Arc;

use dukao::domain::board::{BoardRow, Flag, Measure};
use dukao::domain::change::{Change, Draft, Incident, IncidentSource, Kind, ProgressRecord, Record, Subject};
use dukao::domain::district::{Plan, ProjectIx, RoundIx};
use dukao::domain::panel::{BallotRecord, BallotState};
use dukao::domain::project::{BoardKind, Commitment, Light};
use dukao::domain::round::{RoundRecord, RoundState, RoundStep};
use dukao::domain::score::{ProjectScore, ScoreState};
use dukao::domain::scoring::{Basis, ScoreRecord};
use dukao::domain::snapshot::{Facts, Kept, Snapshot};
use dukao::domain::value::{Date, Money, Percent, Points};
use dukao::plan::{Texts, load};

use crate::folder::owner;
use crate::shown::{composites, targets};

const ROUND: RoundIx = RoundIx(0);

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A district with two headquarters A and B, two towns TA and TB, one assessment round and these projects.
fn plan(projects: &str, round: &str) -> Plan {
    let unit =
        |code: &str, kind: &str| format!("[[unit]]\ncode = \"{code}\"\nkind = \"{kind}\"\nname = \"{code}单位\"\n");
    let district = format!(
        "schema = 1\nid = \"x\"\nname = \"区\"\nyear = 2014\n{}{}{}{}[[round]]\nid = \"R\"\nkind = \"assessment\"\nname = \"轮\"\n{round}\n",
        unit("A", "headquarters"),
        unit("B", "headquarters"),
        unit("TA", "town"),
        unit("TB", "town"),
    );
    let texts = Texts {
        district,
        projects: projects.to_owned(),
        scoring: include_str!("../../config/scoring.toml").to_owned(),
        targets: String::new(),
    };
    load(&texts).unwrap_or_else(|errors| panic!("{errors:?}"))
}

const HALF: &str = "from = 2014-01-01\nto = 2014-06-30\nas_of = 2014-06-30";

fn project(id: &str, more: &str) -> String {
    format!("[[project]]\nid = \"{id}\"\nname = \"{id}项目\"\ncommitment = \"must\"\nheadquarters = \"A\"\n{more}\n")
}

/// A year in which the round is open.
fn year(plan: &Plan) -> Facts {
    let mut facts = Facts::empty(plan);
    let record = RoundRecord { state: RoundState::Open, ..RoundRecord::default() };
    facts.rounds =
        Arc::new(plan.district.rounds.iter().map(|_| Some(Kept { seq: 1, value: record.clone() })).collect());
    facts
}

fn snapshot(plan: Plan, facts: Facts) -> Snapshot {
    let today = day("2014-07-12");
    Snapshot::new(Arc::new(plan), facts, today, None)
}

/// Enters these points for the criteria of a project; none is n/a, and a shorter list leaves the rest alone.
fn enter(facts: &mut Facts, project: u32, points: &[Option<i64>]) {
    let scores = &mut Arc::make_mut(&mut facts.scores)[0];
    for (i, p) in points.iter().enumerate() {
        let value = ScoreRecord {
            basis: if p.is_some() { Basis::Override } else { Basis::NotApplicable },
            note: "例".into(),
            points: p.map(Points),
            suggestion: None,
        };
        scores.insert((ProjectIx(project), i), Kept { seq: 2, value });
    }
}

/// A score of exactly this many hundredths: the five criteria in proportion.
fn full_score(facts: &mut Facts, project: u32, score: i64) {
    let max = [4000, 2500, 1500, 1500, 500];
    let mut left = score;
    let parts: Vec<Option<i64>> = max
        .iter()
        .map(|m| {
            let p = left.min(*m);
            left -= p;
            Some(p)
        })
        .collect();
    enter(facts, project, &parts);
}

fn score_of(s: &Snapshot, project: u32) -> ProjectScore {
    s.assessment(ROUND).expect("an assessment").scores[project as usize].clone()
}

fn incident(event: &str, date: &str, resolved: Option<&str>) -> Incident {
    Incident {
        source: IncidentSource::Petition,
        event: event.into(),
        date: day(date),
        project: "P".into(),
        resolved: resolved.map(day),
        people: None,
        amount: None,
        reference: None,
    }
}

fn with_incidents(facts: &mut Facts, incidents: &[Incident]) {
    let kept = |(i, value): (usize, &Incident)| (i.to_string(), Kept { seq: 3, value: value.clone() });
    facts.incidents = Arc::new(incidents.iter().enumerate().map(kept).collect());
}

fn value(s: &Snapshot, kind: BoardKind, code: &str) -> Option<Points> {
    let board = s.board(ROUND, kind, Measure::Assessment).expect("a board");
    let unit = s.plan.unit_ix(code);
    board.rows.iter().find(|r| r.unit == unit && unit.is_some()).expect("a row").score
}

#[test]
fn e12_a_project_from_facts_to_earned_points() {
    let text = project(
        "P",
        r#"total_investment = "2亿元"
annual_plan = "1.2亿元"
[[project.milestone]]
name = "a"
kind = "formality"
due = 2014-03-31
weight = 10
[[project.milestone]]
name = "b"
kind = "physical"
due = 2014-05-31
weight = 20
[[project.milestone]]
name = "c"
kind = "physical"
due = 2014-06-15
weight = 20
[[project.milestone]]
name = "d"
kind = "completion"
due = 2014-12-20
weight = 50"#,
    );
    let plan = plan(&text, HALF);
    let mut facts = year(&plan);
    facts.done = Arc::new(vec![Some(day("2014-03-28")), Some(day("2014-06-20")), None, None]);
    let report = ProgressRecord {
        percent: Some(Percent::whole(45)),
        planned_percent: Some(Percent::whole(50)),
        invested: Some(Money::yuan(42_000_000)),
        permits_due: Some(5),
        permits_obtained: Some(4),
        ..ProgressRecord::default()
    };
    facts.progress = Arc::new(vec![vec![(day("2014-06-25"), report)]]);
    with_incidents(&mut facts, &[incident("wage_unresolved", "2014-05-01", None)]);
    let duty = ScoreRecord { basis: Basis::Entered, note: String::new(), points: Some(Points(450)), suggestion: None };
    Arc::make_mut(&mut facts.scores)[0].insert((ProjectIx(0), 4), Kept { seq: 2, value: duty });
    let s = score_of(&snapshot(plan, facts), 0);
    let points: Vec<i64> = s.parts.iter().map(|p| p.points.expect("points").0).collect();
    assert_eq!(points, [2240, 2250, 1050, 1200, 450]);
    assert_eq!(s.score, Some(Points(6890)));
    assert_eq!((s.task_points, s.earned_points), (Some(120), Some(Points(8268))));
    assert_eq!(s.state, ScoreState::Provisional, "four suggestions are not accepted yet");
}

#[test]
fn e13_e17_too_little_applies() {
    let plan = plan(&project("P", ""), HALF);
    let mut facts = year(&plan);
    let report = ProgressRecord {
        percent: Some(Percent::ZERO),
        planned_percent: Some(Percent::ZERO),
        permits_due: Some(3),
        permits_obtained: Some(3),
        ..ProgressRecord::default()
    };
    facts.progress = Arc::new(vec![vec![(day("2014-06-25"), report)]]);
    for (i, points) in [(3, 1500), (4, 500)] {
        let value =
            ScoreRecord { basis: Basis::Entered, note: String::new(), points: Some(Points(points)), suggestion: None };
        Arc::make_mut(&mut facts.scores)[0].insert((ProjectIx(0), i), Kept { seq: 2, value });
    }
    let s = snapshot(plan, facts);
    let score = score_of(&s, 0);
    assert_eq!((score.state, score.applicable, score.score), (ScoreState::NotScored, Points::whole(20), None));
    assert_eq!(value(&s, BoardKind::Headquarters, "A"), None, "E17: no scored project, no value");
    let board = s.board(ROUND, BoardKind::Headquarters, Measure::Assessment).expect("a board");
    assert!(board.rows.iter().all(|r| r.rank.is_none()));
    assert_eq!(board.rows[0].task_points, Some(Points::ZERO));
}

#[test]
fn e14_e32_clamps_caps_and_veto() {
    let score = |score: i64, events: &[(&str, Option<&str>, usize)]| {
        let plan = plan(&project("P", ""), HALF);
        let mut facts = year(&plan);
        full_score(&mut facts, 0, score);
        let list: Vec<Incident> =
            events.iter().flat_map(|(event, resolved, n)| vec![incident(event, "2014-05-01", *resolved); *n]).collect();
        with_incidents(&mut facts, &list);
        score_of(&snapshot(plan, facts), 0)
    };
    assert_eq!(score(10_000, &[("model_prov", None, 2), ("model_city", None, 1)]).score, Some(Points(10_500)));
    assert_eq!(score(10_000, &[("model_prov", None, 4)]).score, Some(Points(10_500)));
    assert_eq!(score(0, &[("criticised_prov", None, 1), ("petition_group", None, 1)]).score, Some(Points::ZERO));
    assert_eq!(score(10_000, &[("serious_accident", None, 1)]).score, Some(Points::ZERO));
    let wage = |unresolved, resolved| {
        score(10_000, &[("wage_unresolved", None, unresolved), ("wage_unresolved", Some("2014-06-01"), resolved)])
            .deduction_total
    };
    assert_eq!((wage(0, 0), wage(1, 2), wage(3, 2)), (Points::ZERO, Points::whole(5), Points::whole(10)));
}

#[test]
fn n2_a_wage_case_falls_when_resolved() {
    let deduction = |round: &str| {
        let plan = plan(&project("P", ""), round);
        let mut facts = year(&plan);
        with_incidents(&mut facts, &[incident("wage_unresolved", "2014-06-24", Some("2014-07-08"))]);
        score_of(&snapshot(plan, facts), 0).deduction_total
    };
    assert_eq!(deduction(HALF), Points::whole(3));
    assert_eq!(deduction("from = 2014-07-01\nto = 2014-09-30\nas_of = 2014-09-30"), Points::whole(1));
    assert_eq!(deduction("from = 2014-10-01\nto = 2014-12-31\nas_of = 2014-12-31"), Points::ZERO);
}

#[test]
fn e18_stretch_bonus_and_its_cap() {
    let with = |n: usize| {
        let done = "[[project.milestone]]\nname = \"m\"\nkind = \"completion\"\ndue = 2014-06-01";
        let stretch = |i: usize| project(&format!("S{i}"), done).replace("\"must\"", "\"stretch\"");
        let text = project("P", "") + &(0..n).map(stretch).collect::<String>();
        let plan = plan(&text, HALF);
        let mut facts = year(&plan);
        facts.done = Arc::new(vec![Some(day("2014-05-20")); n]);
        full_score(&mut facts, 0, 9120);
        value(&snapshot(plan, facts), BoardKind::Headquarters, "A")
    };
    assert_eq!((with(0), with(3), with(8)), (Some(Points(9120)), Some(Points(9270)), Some(Points(9420))));
}

#[test]
fn e23_a_project_shared_by_two_towns() {
    let text = project("P1", "task_points = 120\ntown_shares = { TA = 6000, TB = 4000 }")
        + &project("P2", "task_points = 100\ntown = \"TA\"")
        + &project("P3", "task_points = 100\ntown = \"TB\"");
    let plan = plan(&text, HALF);
    let mut facts = year(&plan);
    for (i, score) in [(0, 9000), (1, 8000), (2, 9500)] {
        full_score(&mut facts, i, score);
    }
    let s = snapshot(plan, facts);
    assert_eq!(value(&s, BoardKind::Towns, "TA"), Some(Points(8419)));
    assert_eq!(value(&s, BoardKind::Towns, "TB"), Some(Points(9338)));
    assert_eq!(value(&s, BoardKind::Headquarters, "A"), Some(Points(8844)));
    let board = s.board(ROUND, BoardKind::Towns, Measure::Assessment).expect("a board");
    let row = board.rows.iter().find(|r| r.unit == s.plan.unit_ix("TA")).expect("TA");
    assert_eq!((row.task_points, row.earned_points), (Some(Points(17_200)), Some(Points(14_480))));
}

#[test]
fn n3_a_shared_stretch_project_gives_each_town_its_share() {
    let done = "[[project.milestone]]\nname = \"m\"\nkind = \"completion\"\ndue = 2014-06-01";
    let text = project("P2", "town = \"TA\"")
        + &project("P3", "town = \"TB\"")
        + &project("S", &format!("town_shares = {{ TA = 6000, TB = 4000 }}\n{done}"))
            .replace("\"must\"", "\"stretch\"");
    let plan = plan(&text, HALF);
    let mut facts = year(&plan);
    facts.done = Arc::new(vec![Some(day("2014-05-20"))]);
    full_score(&mut facts, 0, 9000);
    full_score(&mut facts, 1, 9000);
    let s = snapshot(plan, facts);
    assert_eq!(value(&s, BoardKind::Towns, "TA"), Some(Points(9030)));
    assert_eq!(value(&s, BoardKind::Towns, "TB"), Some(Points(9020)));
}

/// Headquarters with one project each and these scores, ranked.
fn ranked(scores: &[i64], scoring: &str) -> Vec<(Option<u32>, bool, Vec<Flag>)> {
    let mut district = "schema = 1\nid = \"x\"\nname = \"区\"\nyear = 2014\n".to_owned();
    let mut projects = String::new();
    for i in 0..scores.len() {
        district += &format!("[[unit]]\ncode = \"H{i}\"\nkind = \"headquarters\"\nname = \"单位{i}\"\n");
        projects += &project(&format!("P{i}"), "").replace("\"A\"", &format!("\"H{i}\""));
    }
    district += &format!("[[round]]\nid = \"R\"\nkind = \"assessment\"\nname = \"轮\"\n{HALF}\n");
    let texts = Texts { district, projects, scoring: scoring.to_owned(), targets: String::new() };
    let plan = load(&texts).unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut facts = year(&plan);
    for (i, score) in (0_u32..).zip(scores) {
        full_score(&mut facts, i, *score);
    }
    let s = snapshot(plan, facts);
    let board = s.board(ROUND, BoardKind::Headquarters, Measure::Assessment).expect("a board");
    board.rows.iter().map(|r| (r.rank, r.tied, r.flags.clone())).collect()
}

#[test]
fn e20_ties_in_both_methods() {
    let rules = include_str!("../../config/scoring.toml");
    let scores = [9250, 9000, 9000, 8800, 8500, 8500];
    let ranks = |rules: &str| -> Vec<u32> { ranked(&scores, rules).iter().map(|r| r.0.expect("a rank")).collect() };
    assert_eq!(ranks(rules), [1, 2, 2, 4, 5, 5]);
    assert_eq!(ranks(&rules.replace("method = \"competition\"", "method = \"dense\"")), [1, 2, 2, 3, 4, 4]);
    assert_eq!(ranked(&[9000; 3], rules).iter().map(|r| (r.0, r.1)).collect::<Vec<_>>(), [(Some(1), true); 3]);
}

#[test]
fn e38_the_unit_with_fewer_behind_comes_first() {
    let due = |name: &str, done: bool| {
        let date = if done { "2014-06-01" } else { "2014-06-20" };
        format!("[[project.milestone]]\nname = \"{name}\"\nkind = \"completion\"\ndue = {date}")
    };
    let mut text = String::new();
    // Five must projects each: one completed, A one behind, B two behind, the rest on track without open lateness.
    for (unit, behind) in [("A", 1), ("B", 2)] {
        for i in 0..5 {
            let milestone = match i {
                0 => due("m", true),
                i if i <= behind => due("m", false),
                _ => "[[project.milestone]]\nname = \"m\"\nkind = \"completion\"\ndue = 2014-12-01".to_owned(),
            };
            text += &project(&format!("{unit}{i}"), &milestone)
                .replace("headquarters = \"A\"", &format!("headquarters = \"{unit}\""));
        }
    }
    let plan = plan(&text, HALF);
    let mut facts = year(&plan);
    facts.done = Arc::new((0..10).map(|i| (i % 5 == 0).then(|| day("2014-05-20"))).collect());
    for i in 0..10 {
        full_score(&mut facts, i, 9000);
    }
    let s = snapshot(plan, facts);
    let board = s.board(ROUND, BoardKind::Headquarters, Measure::Assessment).expect("a board");
    let seen: Vec<_> =
        board.rows.iter().map(|r| (s.plan.unit(r.unit.expect("a unit")).code.as_str(), r.rank)).collect();
    assert_eq!(seen, [("A", Some(1)), ("B", Some(2))]);
    assert!(board.rows.iter().all(|r| r.flags.contains(&Flag::TieBroken) && !r.tied));
}

/// A's row on the headquarters board of a measure.
fn row_of_a(s: &Snapshot, measure: Measure) -> BoardRow {
    let round = s.plan.round_ix("R").expect("round R");
    let board = s.board(round, BoardKind::Headquarters, measure).expect("a board");
    board.rows.iter().find(|r| r.unit == s.plan.unit_ix("A")).expect("a row").clone()
}

#[test]
fn e19_the_composite_and_a_missing_observation() {
    let composite = |visited: bool| {
        let s = composites::pair_of_rounds(visited).snapshot(None);
        let row = row_of_a(&s, Measure::Composite);
        (row.score, row.flags)
    };
    assert_eq!(composite(true), (Some(Points(9141)), vec![]));
    assert_eq!(composite(false), (Some(Points(9214)), vec![Flag::NoObservation]));
}

#[test]
fn e21_the_printed_score_is_what_ties() {
    let s = composites::printed_alike().snapshot(None);
    let board = s.board(ROUND, BoardKind::Headquarters, Measure::Assessment).expect("a board");
    let seen: Vec<_> = board.rows.iter().map(|r| (r.earned_points, r.score, r.rank, r.tied)).collect();
    let row = |earned| (Some(Points(earned)), Some(Points(9000)), Some(1), true);
    assert_eq!(seen, [row(90_004), row(89_996)]);
}

#[test]
fn e24_stated_and_implied_sums_of_the_tiers() {
    let s = targets::five_quotas().snapshot(None);
    let figures = &s.quota_plans()[0];
    let sums: Vec<_> = figures.tiers.iter().map(|t| (t.district.target, t.stated_sum, t.implied_sum)).collect();
    assert_eq!(sums, [(Some(10), 10, 12), (Some(5), 5, 5)]);
}

/// The sample district with its first records, at a day.
fn sample(as_of: &str) -> Arc<Snapshot> {
    let texts = Texts::sample();
    let plan = load(&texts).expect("the sample");
    let dir = tempfile::TempDir::new().expect("a folder");
    let store = dukao::cli::new_database(&dir.path().join("year.db"), &texts, &plan, &Texts::sample_records());
    store.unwrap_or_else(|e| panic!("{e}")).snapshot(Some(day(as_of)))
}

#[test]
fn e43_the_sample_stands_alike_on_both_days() {
    for at in ["2014-06-30", "2014-07-12"] {
        let s = sample(at);
        let counts = |c| {
            let t = s.tally_of(Some(c));
            [t.completed, t.on_track, t.behind]
        };
        assert_eq!((counts(Commitment::Must), counts(Commitment::Stretch)), ([12, 78, 7], [1, 43, 3]), "{at}");
    }
    let s = sample("2014-06-30");
    let red: Vec<_> = s.behind().into_iter().filter(|p| s.standing(*p).light == Some(Light::Red)).collect();
    let red: Vec<_> = red.iter().map(|p| (s.plan.project(*p).id.as_str(), s.standing(*p).lag_days)).collect();
    assert_eq!(red, [("YB14-XX-010", Some(45)), ("YB14-SZ-027", Some(37)), ("YB14-NC-023", Some(31))]);
}

#[test]
fn e44_the_content_and_nothing_else_is_hashed() {
    let folder = composites::visited(&["90", "80", "85"]).rules("double_entry = true", "double_entry = false");
    let (_dir, mut store) = folder.store();
    let mut hash = |ballot: Option<i64>| {
        if let Some(points) = ballot {
            let record = BallotRecord { state: BallotState::Entered, score: Some(Points(points)), entered_by: None };
            let change = Change {
                subject: Subject::new(Kind::Ballot, &["O", "J3", "P"]),
                before: None,
                after: Some(Record::Ballot(record)),
                reason: "更正".into(),
            };
            store.save(&owner(), &[Draft { change, base: None }], None).expect("a ballot");
        }
        store.round_step(&owner(), "O", RoundStep::Seal, "").expect("sealed");
        let data = store.snapshot(None);
        let kept = data.facts.rounds[0].as_ref().expect("a round").value.clone();
        store.round_step(&owner(), "O", RoundStep::Reopen, "复核").expect("open again");
        (kept.revision, kept.results_sha256)
    };
    let (first, again, changed) = (hash(None), hash(None), hash(Some(8550)));
    assert_eq!((first.0, again.0, changed.0), (1, 2, 3));
    assert_eq!(first.1, again.1);
    assert_ne!(again.1, changed.1);
}

/// Ids of the examples whose tests stand in these files, from the names of the functions.
fn ids(files: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files {
        for line in file.lines().filter_map(|l| l.trim().strip_prefix("fn ")) {
            let parts = line.split(['_', '(']).map(str::to_uppercase);
            found.extend(parts.take_while(|p| p.len() <= 3 && p.starts_with(['E', 'N'])));
        }
    }
    found
}

#[test]
fn every_example_is_tested_twice() {
    let all = "E01 E02 E03 E04 E05 E06 E07 E08 E10 E12 E13 E14 E15 E17 E18 E19 E20 E21 E23 E24 E26 E27 E28 E30 E32 \
               E38 E43 E44 N1 N2 N3 N4";
    let all: BTreeSet<String> = all.split_whitespace().map(str::to_owned).collect();
    let sample = include_str!("contract.rs");
    let domain = [
        include_str!("examples.rs"),
        include_str!("../../src/domain/project.rs"),
        include_str!("../../src/domain/quota.rs"),
        include_str!("../../src/domain/panel.rs"),
        include_str!("../../src/domain/score.rs"),
        include_str!("../../src/domain/suggestion.rs"),
        include_str!("../../src/domain/indicator.rs"),
        include_str!("../../src/domain/value.rs"),
        sample,
    ];
    let commands = [
        include_str!("shown/tracking.rs"),
        include_str!("shown/targets.rs"),
        include_str!("shown/scores.rs"),
        include_str!("shown/composites.rs"),
        sample,
    ];
    for (what, files) in [("the domain", &domain[..]), ("the commands", &commands[..])] {
        let missing: Vec<_> = all.difference(&ids(files)).cloned().collect();
        assert_eq!(missing, Vec::<String>::new(), "through {what}");
    }
}
