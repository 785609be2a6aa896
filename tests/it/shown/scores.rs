//! Scores of projects: E12–E15, E32, N1, N2.

use serde_json::{Value, json};

use super::{MILESTONES, PROGRESS, assessed, each, of, picked, records};
use crate::folder::{ASSESSMENT, Folder, milestone, project};

fn weighted(name: &str, due: &str, weight: u32) -> String {
    milestone(name, due) + &format!("weight = {weight}\n")
}

const OPEN: &str = "R,open,2014-07-01,";
const INCIDENTS: &str = "id,source,kind,date,project,resolved,people,amount,reference";

/// Project P of E12: its milestones, of which two are done.
fn on_its_way() -> Folder {
    let text = format!(
        "total_investment = \"2亿元\"\nannual_plan = \"1.2亿元\"\n{}{}{}{}",
        weighted("a", "2014-03-31", 10),
        weighted("b", "2014-05-31", 20),
        weighted("c", "2014-06-15", 20),
        weighted("d", "2014-12-20", 50)
    );
    let folder = Folder::empty().district(ASSESSMENT).projects(&project("P", &text));
    let done = ["P,a,2014-03-28", "P,b,2014-06-20"].map(String::from);
    let folder = records(folder, "milestones.csv", MILESTONES, &done);
    records(folder, "rounds.csv", super::ROUNDS, &[OPEN.to_owned()])
}

fn score(folder: &Folder) -> Value {
    folder.json("project P --round R")["score"].clone()
}

#[test]
fn e12_from_facts_to_earned_points() {
    let folder = records(on_its_way(), "progress.csv", PROGRESS, &["P,2014-06-25,45,50,4200万元,5,4,,".to_owned()]);
    let folder =
        records(folder, "incidents.csv", INCIDENTS, &["I,petition,wage_unresolved,2014-05-01,P,,,,".to_owned()]);
    let folder = records(folder, "scores.csv", super::SCORES, &["R,P,duty,4.5,".to_owned()]);
    let score = score(&folder);
    assert_eq!(json!(each(&score["parts"], "points")), json!([22.4, 22.5, 10.5, 12, 4.5]));
    let keys = ["applicable_points", "bonus", "deduction_total", "score", "task_points", "earned_points", "state"];
    assert_eq!(picked(&score, &keys), json!([100, 0, 3, 68.9, 120, 82.68, "provisional"]));
    assert_eq!(score["deductions"], json!([{ "kind": "wage_unresolved", "count": 1, "points": 3 }]));
}

#[test]
fn e13_e17_too_little_applies_and_the_unit_has_no_value() {
    let folder = Folder::empty().district(ASSESSMENT).projects(&project("P", ""));
    let folder = records(folder, "progress.csv", PROGRESS, &["P,2014-06-25,0,0,,3,3,,".to_owned()]);
    let folder = records(folder, "rounds.csv", super::ROUNDS, &[OPEN.to_owned()]);
    let rows = ["R,P,formalities,15,", "R,P,duty,5,"].map(String::from);
    let folder = records(folder, "scores.csv", super::SCORES, &rows);
    let keys = ["state", "applicable_points", "score", "earned_points"];
    assert_eq!(picked(&score(&folder), &keys), json!(["not_scored", 20, null, null]));
    let row = folder.json("rank headquarters --round R")["rows"][0].clone();
    let keys = ["rank", "score", "projects", "scored", "task_points", "earned_points"];
    assert_eq!(picked(&row, &keys), json!([null, null, 1, 0, 0, 0]));
}

fn perfect(score: i64, events: &[&str]) -> Folder {
    let folder = assessed(Folder::empty().district(ASSESSMENT).projects(&project("P", "")), &[("P", score)]);
    let rows: Vec<String> =
        events.iter().enumerate().map(|(i, e)| format!("I{i},superior,{e},2014-05-01,P,{},,,", resolved(e))).collect();
    records(folder, "incidents.csv", INCIDENTS, &rows)
}

fn resolved(event: &str) -> &str {
    if event == "wage_resolved" { "2014-06-01" } else { "" }
}

#[test]
fn e14_clamps_caps_and_veto() {
    let of = |score: i64, events: &[&str]| self::score(&perfect(score, events))["score"].clone();
    assert_eq!(of(10_000, &["model_prov", "model_prov", "model_city"]), 105);
    assert_eq!(of(10_000, &["model_prov", "model_prov", "model_prov", "model_prov"]), 105);
    assert_eq!(of(0, &["criticised_prov", "petition_group"]), 0);
    assert_eq!(of(10_000, &["serious_accident", "model_prov"]), 0);
}

#[test]
fn a_veto_counts_even_where_too_little_is_scored() {
    let folder = Folder::empty().district(ASSESSMENT).projects(&project("P", ""));
    let folder = records(folder, "rounds.csv", super::ROUNDS, &[OPEN.to_owned()]);
    let folder =
        records(folder, "incidents.csv", INCIDENTS, &["I,safety,serious_accident,2014-05-01,P,,,,".to_owned()]);
    assert_eq!(picked(&score(&folder), &["veto", "score"]), json!([true, 0]));
    let row = folder.json("rank headquarters --round R")["rows"][0].clone();
    assert_eq!(picked(&row, &["scored", "score", "earned_points"]), json!([1, 0, 0]));
    assert!(row["flags"].as_array().is_some_and(|f| f.contains(&json!("veto"))), "{row}");
}

#[test]
fn e15_credit_of_late_milestones() {
    let days =
        [("2014-06-30", 40.0), ("2014-06-29", 36.0), ("2014-05-31", 36.0), ("2014-05-30", 32.0), ("2014-05-01", 32.0)];
    let more = [("2014-03-02", 24.0), ("2014-01-31", 20.0), ("2014-01-30", 20.0), ("2013-12-12", 20.0)];
    let all: Vec<(&str, f64)> = days.into_iter().chain(more).collect();
    let mut folder = Folder::empty().district(ASSESSMENT);
    let mut done = Vec::new();
    for (i, (due, _)) in all.iter().enumerate() {
        folder.projects += &project(&format!("P{i}"), &milestone("m", due));
        done.push(format!("P{i},m,2014-06-30"));
    }
    let folder = records(folder, "milestones.csv", MILESTONES, &done);
    let written = records(folder, "rounds.csv", super::ROUNDS, &[OPEN.to_owned()]).written();
    for (i, (due, points)) in all.iter().enumerate() {
        let score = written.json(&format!("project P{i} --round R"))["score"].clone();
        assert_eq!(of(&score["parts"], "criterion", "node")["points"].as_f64(), Some(*points), "{due}");
    }
}

#[test]
fn e32_wage_cases_and_their_cap() {
    let deduction = |unresolved: usize, resolved: usize| {
        let events = [vec!["wage_unresolved"; unresolved], vec!["wage_resolved"; resolved]].concat();
        score(&perfect(10_000, &events))["deduction_total"].clone()
    };
    assert_eq!([deduction(0, 0), deduction(1, 2), deduction(3, 2)], [json!(0), json!(5), json!(10)]);
}

#[test]
fn n1_the_basis_is_fixed_at_entry() {
    let folder = on_its_way().projects(&project("Q", ""));
    let written = folder.written();
    let node = |project: &str| {
        let score = written.json(&format!("project {project} --round R"))["score"].clone();
        picked(of(&score["parts"], "criterion", "node"), &["points", "basis"])
    };
    let set = |project: &str, points: &str| {
        let ended = written.run(&format!("score set R {project} node {points}"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        node(project)
    };
    assert_eq!(node("P"), json!([22.4, "derived"]));
    assert_eq!(set("P", "20"), json!([20, "override"]));
    assert_eq!(set("P", "n/a --reason 缺"), json!([null, "not_applicable"]));
    assert_eq!(set("Q", "30"), json!([30, "override"]));
    assert_eq!(set("P", "22.4"), json!([22.4, "accepted"]));
    // The second milestone turns out to have been in time: the suggestion becomes 24.00.
    std::fs::write(written.path("milestones.csv"), format!("{MILESTONES}\nP,b,2014-05-31\n")).expect("a file");
    assert_eq!(written.run("import milestones.csv").code, 0);
    assert_eq!(node("P"), json!([22.4, "accepted"]));
    let warnings = written.json("check")["warnings"].clone();
    assert!(
        of(&warnings, "code", "suggestion-moved")["message"].as_str().is_some_and(|m| m.contains("24")),
        "{warnings}"
    );
    assert_eq!(set("P", "none"), json!([24, "derived"]));
}

#[test]
fn n2_a_wage_case_falls_when_resolved() {
    let round = |id: &str, from: &str, to: &str| {
        ASSESSMENT
            .replace("\"R\"", &format!("\"{id}\""))
            .replace("from = 2014-01-01", &format!("from = {from}"))
            .replace("to = 2014-06-30\nas_of = 2014-06-30", &format!("to = {to}\nas_of = {to}"))
    };
    let rounds = [
        round("R1", "2014-01-01", "2014-06-30"),
        round("R2", "2014-07-01", "2014-09-30"),
        round("R3", "2014-10-01", "2014-12-31"),
    ];
    let folder = Folder::empty().district(&rounds.concat()).projects(&project("P", ""));
    let case = "I,petition,wage_unresolved,2014-06-24,P,2014-07-08,,,".to_owned();
    let open: Vec<String> = ["R1", "R2", "R3"].map(|r| format!("{r},open,2014-07-01,")).to_vec();
    let folder = records(records(folder, "incidents.csv", INCIDENTS, &[case]), "rounds.csv", super::ROUNDS, &open);
    let written = folder.written();
    let deduction = |round: &str, more: &str| {
        written.json(&format!("project P --round {round}{more}"))["score"]["deduction_total"].clone()
    };
    assert_eq!(["R1", "R2", "R3"].map(|r| deduction(r, "")), [json!(3), json!(1), json!(0)]);
    // As of the day before it was resolved it still counts in full, in any round.
    assert_eq!(deduction("R2", " --as-of 2014-07-07"), 3);
}
