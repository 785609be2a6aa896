//! Panels, boards and rounds: E07–E10, E18–E23, E38, E44, N3.

use serde_json::{Value, json};

use super::{MILESTONES, ROUNDS, assessed, each, of, picked, records, scored};
use crate::folder::{ASSESSMENT, Folder, Written, judges, milestone, project, unit};

const BALLOTS: &str = "round,judge,project,state,score";

/// An observation O of project P.
fn observation(more: &str) -> String {
    format!(
        "[[round]]\nid = \"O\"\nkind = \"observation\"\nname = \"观摩\"\nfrom = 2014-04-01\nto = 2014-06-30\n\
         as_of = 2014-06-30\nprojects = [\"P\"]\n{more}"
    )
}

/// Project P is visited by as many judges as there are ballots; a dash is an absent one.
pub fn visited(ballots: &[&str]) -> Folder {
    let folder =
        Folder::empty().district(&(judges(ballots.len()) + &observation(""))).projects(&project("P", "town = \"TA\""));
    let folder = records(folder, "rounds.csv", ROUNDS, &["O,open,2014-06-20,".to_owned()]);
    let rows: Vec<String> = (1..)
        .zip(ballots)
        .map(|(i, score)| match *score {
            "-" => format!("O,J{i},P,absent,"),
            score => format!("O,J{i},P,confirmed,{score}"),
        })
        .collect();
    records(folder, "ballots.csv", BALLOTS, &rows)
}

fn panel(ballots: &[&str]) -> Value {
    visited(ballots).json("project P --round O")["panel"].clone()
}

#[test]
fn e07_a_trimmed_panel() {
    let ballots = ["92", "88", "95", "70", "90", "89", "91"];
    let keys = ["valid", "trimmed_per_side", "removed", "score"];
    assert_eq!(picked(&panel(&ballots), &keys), json!([7, 1, [70, 95], 90]));
    let untrimmed = visited(&ballots).rules("trim = \"auto\"", "trim = \"none\"").json("project P --round O");
    assert_eq!(picked(&untrimmed["panel"], &keys), json!([7, 0, [], 87.86]));
}

#[test]
fn e08_small_panels() {
    let score = |ballots: &[&str]| panel(ballots)["score"].clone();
    assert_eq!(score(&["90", "80"]), json!(null));
    assert_eq!(score(&["90", "80", "85"]), 85);
    assert_eq!(score(&["90", "80", "85", "88"]), 85.75);
    assert_eq!(score(&["90", "80", "85", "88", "60"]), 84.33);
    assert_eq!(picked(&panel(&["90", "80"]), &["valid", "trimmed_per_side", "removed"]), json!([2, 0, []]));
}

#[test]
fn e10_absent_is_not_nought() {
    let seen = panel(&["90", "92", "88", "95", "91", "89", "-"]);
    assert_eq!(picked(&seen, &["valid", "absent", "score"]), json!([6, 1, 90.5]));
    let all = panel(&["-", "-", "-"]);
    assert_eq!(picked(&all, &["valid", "absent", "score"]), json!([0, 3, null]));
}

#[test]
fn how_many_are_trimmed_grows_with_the_panel() {
    for (n, k) in [(4, 0), (5, 1), (19, 1), (20, 2), (29, 2), (30, 3)] {
        let ballots: Vec<String> = (0..n).map(|i| (60 + i).to_string()).collect();
        let ballots: Vec<&str> = ballots.iter().map(String::as_str).collect();
        assert_eq!(panel(&ballots)["trimmed_per_side"], k, "{n}");
    }
}

#[test]
fn a_judge_of_the_projects_own_unit_is_recused() {
    let mut folder = visited(&["90", "80", "85"]);
    folder.district = folder.district.replace("label = \"评委3\"", "label = \"评委3\"\nhome_unit = \"TA\"");
    // A score of his is refused at entry.
    assert_eq!(folder.written().run("status").code, 5);
    let rows = &mut folder.records.iter_mut().find(|r| r.0 == "ballots.csv").expect("ballots").1;
    *rows = rows.replace("O,J3,P,confirmed,85\n", "");
    let panel = folder.json("project P --round O")["panel"].clone();
    assert_eq!(picked(&panel, &["valid", "recused", "score"]), json!([2, 1, null]), "below min_valid");
}

#[test]
fn a_half_step_is_refused_not_rounded() {
    let ended = visited(&["90", "80", "87.25"]).written().run("status");
    assert_eq!(ended.code, 5);
    assert!(ended.err.contains("0.5"), "{}", ended.err);
}

/// A board's rows, by unit.
fn row(board: &Value, unit: &str) -> Value {
    of(&board["rows"], "unit", unit).clone()
}

#[test]
fn e18_stretch_bonus_and_its_cap() {
    let with = |n: usize| {
        let mut folder = Folder::empty().district(ASSESSMENT).projects(&project("P", ""));
        let mut done = Vec::new();
        for i in 0..n {
            let text = project(&format!("S{i}"), &milestone("m", "2014-06-01"));
            folder.projects += &text.replace("\"must\"", "\"stretch\"");
            done.push(format!("S{i},m,2014-05-20"));
        }
        let folder = records(assessed(folder, &[("P", 9120)]), "milestones.csv", MILESTONES, &done);
        picked(&row(&folder.json("rank headquarters --round R"), "A"), &["score", "stretch_bonus"])
    };
    assert_eq!([with(0), with(3), with(8)], [json!([91.2, 0]), json!([92.7, 1.5]), json!([94.2, 3])]);
}

/// P has 92.14 in round R; round O, its pair, is open and has given it 88.50, or is a draft.
pub fn pair_of_rounds(visited: bool) -> Folder {
    let folder = Folder::empty()
        .district(&format!("{}{ASSESSMENT}pair = \"O\"\n{}", judges(3), observation("pair = \"R\"\n")))
        .projects(&project("P", "town = \"TA\""));
    let open = if visited { &["R", "O"][..] } else { &["R"] };
    let rows: Vec<String> = open.iter().map(|r| format!("{r},open,2014-07-01,")).collect();
    let folder = records(folder, "rounds.csv", ROUNDS, &rows);
    let folder = records(folder, "scores.csv", super::SCORES, &scored(&[("P", 9214)]));
    let ballots = ["J1", "J2", "J3"].map(|j| format!("O,{j},P,confirmed,88.5"));
    if visited { records(folder, "ballots.csv", BALLOTS, &ballots) } else { folder }
}

#[test]
fn e19_composite_and_a_missing_observation() {
    let rank = |visited: bool| {
        let row = row(&pair_of_rounds(visited).json("rank headquarters --round R --by composite"), "A");
        picked(&row, &["score", "assessment", "observation", "composite", "flags"])
    };
    assert_eq!(rank(true), json!([91.41, 92.14, 88.5, 91.41, []]));
    assert_eq!(rank(false), json!([92.14, 92.14, null, 92.14, ["no_observation"]]));
}

/// Headquarters H0, H1 … with one project each.
fn headquarters(scores: &[i64]) -> Folder {
    let mut folder = Folder::empty().district(ASSESSMENT);
    folder.district = folder.district.replace(&unit("A", "headquarters"), "");
    let mut all = Vec::new();
    for (i, score) in scores.iter().enumerate() {
        folder.district += &unit(&format!("H{i}"), "headquarters");
        folder.projects += &project(&format!("P{i}"), "").replace("\"A\"", &format!("\"H{i}\""));
        all.push((format!("P{i}"), *score));
    }
    let all: Vec<(&str, i64)> = all.iter().map(|(id, score)| (id.as_str(), *score)).collect();
    assessed(folder, &all)
}

#[test]
fn e20_ties_in_both_methods() {
    let folder = headquarters(&[9250, 9000, 9000, 8800, 8500, 8500]);
    let ranks = |folder: &Folder| json!(each(&folder.json("rank headquarters --round R")["rows"], "rank"));
    assert_eq!(ranks(&folder), json!([1, 2, 2, 4, 5, 5]));
    let dense = folder.rules("method = \"competition\"", "method = \"dense\"");
    assert_eq!(ranks(&dense), json!([1, 2, 2, 3, 4, 4]));
    assert_eq!(ranks(&headquarters(&[9000, 9000, 9000, 8000])), json!([1, 1, 1, 4]));
}

/// A has exactly 90.004, B 89.996: 540 + 360.04 and 540 + 359.96 of 1000.
pub fn printed_alike() -> Folder {
    let mut folder = Folder::empty().district(&(unit("B", "headquarters") + ASSESSMENT));
    for unit in ["A", "B"] {
        for (i, points) in [600, 400].into_iter().enumerate() {
            let text = project(&format!("{unit}{i}"), &format!("task_points = {points}"));
            folder.projects += &text.replace("headquarters = \"A\"", &format!("headquarters = \"{unit}\""));
        }
    }
    assessed(folder, &[("A0", 9000), ("A1", 9001), ("B0", 9000), ("B1", 8999)])
}

#[test]
fn e21_ranks_follow_the_printed_score() {
    let board = printed_alike().json("rank headquarters --round R");
    assert_eq!(json!(each(&board["rows"], "earned_points")), json!([900.04, 899.96]));
    for unit in ["A", "B"] {
        assert_eq!(picked(&row(&board, unit), &["rank", "tied", "score"]), json!([1, true, 90]));
    }
}

#[test]
fn e23_shares_between_towns() {
    let folder = Folder::empty().district(&(unit("TB", "town") + ASSESSMENT)).projects(
        &(project("P1", "task_points = 120\ntown_shares = { TA = 6000, TB = 4000 }")
            + &project("P2", "task_points = 100\ntown = \"TA\"")
            + &project("P3", "task_points = 100\ntown = \"TB\"")),
    );
    let folder = assessed(folder, &[("P1", 9000), ("P2", 8000), ("P3", 9500)]);
    let towns = folder.json("rank towns --round R");
    let keys = ["score", "task_points", "earned_points"];
    assert_eq!(picked(&row(&towns, "TA"), &keys), json!([84.19, 172, 144.8]));
    assert_eq!(row(&towns, "TB")["score"], 93.38);
    assert_eq!(row(&folder.json("rank headquarters --round R"), "A")["score"], 88.44);
}

#[test]
fn n3_a_shared_stretch_project_gives_each_town_its_share() {
    let stretch = project("S", &format!("town_shares = {{ TA = 6000, TB = 4000 }}\n{}", milestone("m", "2014-06-01")));
    let folder = Folder::empty().district(&(unit("TB", "town") + ASSESSMENT)).projects(
        &(project("P2", "town = \"TA\"")
            + &project("P3", "town = \"TB\"")
            + &stretch.replace("\"must\"", "\"stretch\"")),
    );
    let folder = assessed(folder, &[("P2", 9000), ("P3", 9000)]);
    let folder = records(folder, "milestones.csv", MILESTONES, &["S,m,2014-05-20".to_owned()]);
    let towns = folder.json("rank towns --round R");
    let of = |unit| picked(&row(&towns, unit), &["score", "stretch_bonus"]);
    assert_eq!([of("TA"), of("TB")], [json!([90.3, 0.3]), json!([90.2, 0.2])]);
}

#[test]
fn e38_the_unit_with_fewer_behind_comes_first() {
    let district = |behind: [usize; 3]| {
        let mut folder =
            Folder::empty().district(&(unit("B", "headquarters") + &unit("C", "headquarters") + ASSESSMENT));
        let (mut done, mut scores) = (Vec::new(), Vec::new());
        for (unit, behind) in ["A", "B", "C"].into_iter().zip(behind) {
            for i in 0..5 {
                let due = match i {
                    0 => "2014-06-01",
                    i if i <= behind => "2014-06-20",
                    _ => "2014-12-01",
                };
                let text = project(&format!("{unit}{i}"), &milestone("m", due));
                folder.projects += &text.replace("headquarters = \"A\"", &format!("headquarters = \"{unit}\""));
                scores.push((format!("{unit}{i}"), if unit == "C" { 8000 } else { 9000 }));
            }
            done.push(format!("{unit}0,m,2014-05-20"));
        }
        let scores: Vec<(&str, i64)> = scores.iter().map(|(id, s)| (id.as_str(), *s)).collect();
        let board =
            records(assessed(folder, &scores), "milestones.csv", MILESTONES, &done).json("rank headquarters --round R");
        json!(["A", "B", "C"].map(|unit| picked(&row(&board, unit), &["rank", "tied", "flags"])))
    };
    let broken = json!(["tie_broken"]);
    assert_eq!(district([1, 2, 0]), json!([[1, false, broken], [2, false, broken], [3, false, []]]));
    assert_eq!(district([1, 1, 0]), json!([[1, true, []], [1, true, []], [3, false, []]]));
}

/// The content hash of round O.
fn hash(written: &Written) -> Value {
    of(&written.json("round list")["rounds"], "id", "O")["hash"].clone()
}

#[test]
fn e44_the_same_content_has_the_same_hash() {
    let written = visited(&["90", "80", "85"]).rules("double_entry = true", "double_entry = false").written();
    let step = |line: &str| {
        let ended = written.run(line);
        assert_eq!(ended.code, 0, "{line}: {}", ended.err);
    };
    step("round seal O");
    let first = hash(&written);
    assert!(first.as_str().is_some_and(|h| h.len() == 64), "{first}");
    step("round reopen O --reason 复核");
    step("round seal O");
    assert_eq!(hash(&written), first);
    step("round reopen O --reason 更正");
    std::fs::write(written.path("ballots.csv"), format!("{BALLOTS}\nO,J3,P,entered,85.5\n")).expect("a file");
    step("import ballots.csv");
    step("round seal O");
    assert_ne!(hash(&written), first);
}

#[test]
fn a_sealed_round_answers_from_what_was_stored_whatever_the_day() {
    let written = visited(&["90", "80", "85"]).written();
    let seen = |more: &str| written.json(&format!("project P --round O{more}"))["panel"].clone();
    let board = |more: &str| written.json(&format!("rank headquarters --round O{more}"));
    let open = (seen(""), board("")["rows"].clone());
    assert_eq!(board(" --as-of 2014-05-01")["as_of"], "2014-05-01", "an open round is recomputed");
    assert_eq!(written.run("round seal O").code, 0);
    let day = " --as-of 2014-05-01";
    assert_eq!((seen(""), board("")["rows"].clone()), open);
    assert_eq!((seen(day), board(day)["rows"].clone()), open);
    assert_eq!(board(day)["as_of"], "2014-06-30");
}
