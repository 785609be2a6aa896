//! The edge cases of the scoring guide (§8) that no worked example covers, by their numbers.

use serde_json::{Value, json};

use crate::folder::{ASSESSMENT, Folder, Written, judges, milestone, project, unit};
use crate::shown::{SCORES, assessed, each, of, picked, records, scored};

const OPEN: &str = "R,open,2014-07-01,";
const ROUNDS: &str = "round,state,date,reason";

fn row(board: &Value, unit: &str) -> Value {
    of(&board["rows"], "unit", unit).clone()
}

/// Applies another plan to a district that exists.
fn apply(written: &Written, folder: &Folder) {
    written.write(folder);
    let ended = written.run("plan --apply --reason 调整");
    assert_eq!(ended.code, 0, "{}", ended.err);
}

fn saved(written: &Written, line: &str) {
    let ended = written.run(line);
    assert_eq!(ended.code, 0, "{line}: {}", ended.err);
}

#[test]
fn edge_02_a_unit_without_scored_projects_is_not_last() {
    let stretch = project("S", &milestone("m", "2014-06-01")).replace("\"must\"", "\"stretch\"");
    let folder = Folder::empty()
        .district(&(unit("B", "headquarters") + ASSESSMENT))
        .projects(&(stretch + &project("P", "").replace("headquarters = \"A\"", "headquarters = \"B\"")));
    let folder = records(folder, "milestones.csv", "project,milestone,done", &["S,m,2014-05-01".to_owned()]);
    let board = assessed(folder, &[("P", 5000)]).json("rank headquarters --round R");
    assert_eq!(
        json!(each(&board["rows"], "unit")),
        json!(["B", "A"]),
        "after the ranked ones, whatever the plan's order"
    );
    // A completed stretch project alone is no score, and gives nothing.
    assert_eq!(picked(&row(&board, "A"), &["rank", "score", "projects", "flags"]), json!([null, null, 0, []]));
    assert_eq!(row(&board, "B")["rank"], 1);
}

#[test]
fn edge_03_too_little_data_adds_to_nothing_and_leaves_the_unit_incomplete() {
    let folder = Folder::empty().district(ASSESSMENT).projects(&(project("P", "") + &project("Q", "")));
    let folder = records(folder, "rounds.csv", ROUNDS, &[OPEN.to_owned()]);
    let mut rows = scored(&[("P", 9000)]);
    rows.push("R,Q,duty,5,".to_owned());
    let written = records(folder, "scores.csv", SCORES, &rows).written();
    let q = written.json("project Q --round R")["score"].clone();
    assert_eq!(picked(&q, &["state", "applicable_points", "score"]), json!(["provisional", 5, null]));
    let keys = ["score", "projects", "scored", "task_points", "flags"];
    let a = row(&written.json("rank headquarters --round R"), "A");
    assert_eq!(picked(&a, &keys), json!([90, 2, 1, 100, ["incomplete"]]));
}

#[test]
fn edge_07_a_score_of_a_judge_who_was_recused_later_is_ignored() {
    let observation = "[[round]]\nid = \"O\"\nkind = \"observation\"\nname = \"观摩\"\nfrom = 2014-04-01\n\
                       to = 2014-06-30\nas_of = 2014-06-30\nprojects = [\"P\", \"Q\"]\n";
    let folder = Folder::empty()
        .district(&(judges(4) + observation))
        .projects(&(project("P", "town = \"TA\"") + &project("Q", "")));
    let folder = records(folder, "rounds.csv", ROUNDS, &["O,open,2014-06-20,".to_owned()]);
    let ballots = |site: &str, scores: [u32; 4]| -> Vec<String> {
        (1..).zip(scores).map(|(i, n)| format!("O,J{i},{site},confirmed,{n}")).collect()
    };
    let rows = [ballots("P", [90, 80, 85, 10]), ballots("Q", [70; 4])].concat();
    let folder = records(folder, "ballots.csv", "round,judge,project,state,score", &rows);
    let written = folder.written();
    let panel = || picked(&written.json("project P --round O")["panel"], &["valid", "recused", "score"]);
    let units = || {
        json!(
            ["headquarters", "towns"].map(|b| written.json(&format!("rank {b} --round O"))["rows"][0]["score"].clone())
        )
    };
    assert_eq!((panel(), units()), (json!([4, 0, 66.25]), json!([68.13, 66.25])));
    let home = |judge: usize| format!("label = \"评委{judge}\"\nhome_unit = \"TA\"");
    let mut later = folder.clone();
    later.district = later.district.replace("label = \"评委4\"", &home(4));
    apply(&written, &later);
    assert_eq!((panel(), units()), (json!([3, 1, 85]), json!([77.5, 85])));
    // Below the minimum there is no panel (6), and the mean of the unit leaves the site out.
    later.district = later.district.replace("label = \"评委3\"", &home(3));
    apply(&written, &later);
    assert_eq!((panel(), units()), (json!([2, 2, null]), json!([70, null])));
}

fn moved(board: &str, unit: &str, from: &str) -> String {
    format!("[[project.move]]\nboard = \"{board}\"\nunit = \"{unit}\"\nfrom = {from}\nreason = \"调整\"\n")
}

#[test]
fn edge_11_a_moved_project_counts_for_its_holder_or_by_days() {
    let points = |from: &str, weighted: bool| {
        let folder = Folder::empty()
            .district(&(unit("B", "headquarters") + ASSESSMENT))
            .projects(&project("P", &moved("headquarters", "B", from)));
        let folder =
            if weighted { folder.rules("attribution = \"as_of\"", "attribution = \"time_weighted\"") } else { folder };
        let board = assessed(folder, &[("P", 9000)]).json("rank headquarters --round R");
        json!(["A", "B"].map(|u| row(&board, u)["task_points"].clone()))
    };
    assert_eq!(points("2014-06-30", false), json!([0, 100]));
    assert_eq!(points("2014-07-01", false), json!([100, 0]), "after D it is ignored");
    // 90 of 181 days are 4972 basis points, half up; the last holder takes the rest.
    assert_eq!(points("2014-04-01", true), json!([49.72, 50.28]));
    assert_eq!(points("2014-01-01", true), json!([0, 100]), "before the round there is one holder");
    assert_eq!(points("2014-07-01", true), json!([100, 0]));
}

#[test]
fn edge_12_who_takes_a_shared_project_over_takes_the_whole() {
    let folder = Folder::empty().district(&(unit("TB", "town") + &unit("TC", "town") + ASSESSMENT)).projects(&project(
        "P",
        &format!("town_shares = {{ TA = 6000, TB = 4000 }}\n{}", moved("town", "TC", "2014-06-15")),
    ));
    let written = assessed(folder, &[("P", 9000)]).written();
    let points = |day: &str| {
        let board = written.json(&format!("rank towns --round R --as-of {day}"));
        json!(["TA", "TB", "TC"].map(|u| row(&board, u)["task_points"].clone()))
    };
    assert_eq!(points("2014-06-14"), json!([60, 40, 0]));
    assert_eq!(points("2014-06-15"), json!([0, 0, 100]));
    let p = |day: &str| picked(&written.json(&format!("project P --as-of {day}")), &["town", "town_shares"]);
    assert_eq!(p("2014-06-14"), json!([null, { "TA": 6000, "TB": 4000 }]));
    assert_eq!(p("2014-06-15"), json!(["TC", null]));
}

#[test]
fn edge_13_february_of_a_leap_year_ends_on_the_29th() {
    let mut folder = Folder::empty().projects(&project("P", &milestone("m", "2016-02-29")));
    folder.district = folder.district.replace("year = 2014", "year = 2016").replace("2014-07-12", "2016-07-12");
    let written = folder.written();
    let ahead = |day: &str| written.json(&format!("status --as-of {day}"))["must"]["run_rate"]["ahead_pp"].clone();
    assert_eq!([ahead("2016-02-28"), ahead("2016-02-29")], [json!(-8.33), json!(-16.67)]);
    let status = |day: &str| written.json(&format!("project P --as-of {day}"))["lag_days"].clone();
    assert_eq!([status("2016-02-29"), status("2016-03-01")], [json!(null), json!(1)]);
}

/// Two scored projects of A.
fn pair() -> Folder {
    let folder = Folder::empty().district(ASSESSMENT).projects(&(project("P", "") + &project("Q", "")));
    assessed(folder, &[("P", 9000), ("Q", 7000)])
}

#[test]
fn edge_14_a_withdrawn_project_leaves_open_rounds_and_no_sealed_ones() {
    let withdrawn = |folder: &Folder| {
        let more = "state = \"withdrawn\"\nstate_reason = \"取消\"\n";
        Folder { projects: folder.projects.clone() + more, ..folder.clone() }
    };
    let keys = ["score", "projects"];
    let seen = |written: &Written| picked(&row(&written.json("rank headquarters --round R"), "A"), &keys);
    let open = pair().written();
    assert_eq!(seen(&open), json!([80, 2]));
    apply(&open, &withdrawn(&pair()));
    assert_eq!(seen(&open), json!([90, 1]));
    apply(&open, &pair());
    assert_eq!(seen(&open), json!([80, 2]), "its entries were kept");
    let sealed = pair().written();
    saved(&sealed, "round seal R");
    apply(&sealed, &withdrawn(&pair()));
    assert_eq!(seen(&sealed), json!([80, 2]));
}

#[test]
fn edge_15_another_rule_set_changes_open_rounds_only() {
    let other = pair().rules("default = 100", "default = 60").rules("method = \"rate\"", "method = \"sum\"");
    let score = |written: &Written| row(&written.json("rank headquarters --round R"), "A")["score"].clone();
    let open = pair().written();
    assert_eq!(score(&open), 80);
    apply(&open, &other);
    assert_eq!(score(&open), 96, "54 and 42 points: entries stand, their sum is the value");
    let sealed = pair().written();
    saved(&sealed, "round seal R");
    let hash = || of(&sealed.json("round list")["rounds"], "id", "R")["hash"].clone();
    let (before, project) = (hash(), sealed.json("project P --round R")["score"].clone());
    apply(&sealed, &other);
    assert_eq!((hash(), sealed.json("project P --round R")["score"].clone()), (before, project.clone()));
    assert_eq!(picked(&project, &["task_points", "earned_points"]), json!([100, 90]));
    // Nor does any day that is asked for.
    assert_eq!(sealed.json("project P --round R --as-of 2014-02-01")["score"], project);
    let on = |line: &str| sealed.json(line)["rows"].clone();
    assert_eq!(on("rank towns --round R --as-of 2014-02-01"), on("rank towns --round R"));
    assert_eq!(picked(&open.json("project P --round R")["score"], &["task_points", "earned_points"]), json!([60, 54]));
}

#[test]
fn edge_16_another_name_keeps_history() {
    let written = pair().written();
    written.json("status");
    let mut renamed = pair();
    renamed.projects = renamed.projects.replace("P项目", "新名");
    renamed.district = renamed.district.replace("A单位", "新单位");
    let history = written.json("history P")["entries"].clone();
    apply(&written, &renamed);
    assert_eq!(written.json("history P")["entries"], history);
    let p = written.json("project P --round R");
    assert_eq!(picked(&p, &["name", "headquarters"]), json!(["新名", "A"]));
    assert_eq!(p["score"]["score"], 90);
}

#[test]
fn edge_20_an_empty_district_is_no_error() {
    let written = Folder::empty().district(ASSESSMENT).written();
    let status = written.json("status");
    let keys = ["total", "completed", "on_track", "behind", "unknown", "excluded"];
    assert_eq!(picked(&status["must"], &keys), json!([0, 0, 0, 0, 0, 0]));
    assert_eq!(picked(&status, &["total", "behind", "due_soon"]), json!([0, [], []]));
    assert_eq!(written.json("projects")["projects"], json!([]));
    for board in ["headquarters", "towns"] {
        let rows = written.json(&format!("rank {board} --round R"))["rows"].clone();
        assert_eq!(json!(each(&rows, "rank")), json!([null]), "{board}");
    }
    assert_eq!(picked(&written.json("targets"), &["quota_plans", "indicators", "goals"]), json!([[], [], []]));
    assert_eq!(written.json("rectifications")["rectifications"], json!([]));
    for line in [
        "status",
        "status --brief",
        "projects",
        "rank --round R",
        "targets",
        "rectifications",
        "round list",
        "verify",
        "doctor",
    ] {
        assert_eq!(written.run(line).code, 0, "{line}");
    }
}
