//! Everything that is wrong in files is said at once, and nothing that only follows from something else.

use super::*;

const CLERK: Importer<'static> = Importer { login: "luru", bootstrap: false };
const SCORES: &str = "round,project,criterion,points,note\n";

/// Where there is something wrong, as `file:row column`.
fn places(bad: &[BadRow]) -> Vec<String> {
    bad.iter().map(|b| format!("{}:{} {}", b.file, b.row, b.column)).collect()
}

#[track_caller]
fn wrong(state: &Arc<Snapshot>, files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files.iter().flat_map(|(name, text)| file(name, text)).collect();
    places(&import(state, &files, CLERK).expect_err("something is wrong"))
}

#[test]
fn cells_values_and_states_are_told_in_one_run() {
    let rows = [
        "2014-H1-ASM,YB14-GY-005,duty,x,",
        "2014-H1-ASM,YB14-GY-005,node,400,",
        "2014-Q1-ASM,YB14-GY-005,duty,4,",
        "2014-Q1-ASM,YB14-GY-006,duty,400,",
        "2014-H1-ASM,YB14-GY-999,duty,4,",
        "2014-H1-ASM,YB14-GY-007,duty,n/a,",
    ];
    let rectified = "id,unit,finding,issued,due,state,closed\nZG-900,GY,样例,2014-07-01,2014-07-20,closed,2014-07-12\n";
    let scores = format!("{SCORES}{}", rows.join("\n"));
    let ballots = "round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,confirmed,101\n";
    let found =
        wrong(&sample(), &[("scores.csv", &scores), ("rectifications.csv", rectified), ("ballots.csv", ballots)]);
    assert_eq!(
        found,
        [
            "scores.csv:2 points",
            "scores.csv:3 points",
            "scores.csv:4 round",
            "scores.csv:5 round",
            "scores.csv:5 points",
            "scores.csv:6 project",
            "scores.csv:7 note",
            "rectifications.csv:2 state",
            "ballots.csv:2 score",
        ]
    );
}

#[test]
fn a_round_whose_step_did_not_come_in_may_be_open() {
    let scores = format!("{SCORES}2014-H1-ASM,YB14-GY-005,duty,4,\n2014-H1-ASM,YB14-GY-006,duty,400,\n");
    let bad_step = "round,state,date,reason\n2014-H1-ASM,open,2014-13-01,\n2014-H1-ASM,sealed,2014-07-12,\n";
    let found = wrong(&empty(), &[("rounds.csv", bad_step), ("scores.csv", &scores)]);
    assert_eq!(found, ["rounds.csv:2 date", "scores.csv:3 points"]);
    // Nobody knows which round a table without a header opens.
    let found = wrong(&empty(), &[("rounds.csv", "runde,state\n2014-H1-ASM,open\n"), ("scores.csv", &scores)]);
    assert_eq!(found, ["rounds.csv:1 round", "rounds.csv:1 runde", "scores.csv:3 points"]);
    // The step of another round leaves this one a draft.
    let other = bad_step.replace("2014-H1-ASM", "2014-Q1-ASM");
    let found = wrong(&empty(), &[("rounds.csv", &other), ("scores.csv", &scores)]);
    assert_eq!(found, ["rounds.csv:2 date", "scores.csv:2 round", "scores.csv:3 round", "scores.csv:3 points"]);
}

#[test]
fn a_suggestion_that_rests_on_facts_that_did_not_come_in_is_not_held_against_a_score() {
    let scores = format!("{SCORES}2014-H1-ASM,YB14-GY-005,duty,4.25,\n");
    let progress = |row: &str| format!("project,date,percent\n{row}\n");
    let found = |row: &str| wrong(&sample(), &[("progress.csv", &progress(row)), ("scores.csv", &scores)]);
    assert_eq!(found("YB14-GY-005,2014-06-30,101"), ["progress.csv:2 percent"]);
    assert_eq!(found("YB14-GY-00,2014-06-30,50"), ["progress.csv:2 project"], "it may have been this one");
    assert_eq!(found("YB14-GY-006,2014-06-30,101"), ["progress.csv:2 percent", "scores.csv:2 points"]);
}

#[test]
fn a_seal_is_not_refused_for_scores_that_are_wrong_themselves() {
    let seal = "round,state,date,reason\n2014-H1-ASM,sealed,2014-07-12,\n2014-H1-ASM,published,2014-07-12,\n";
    assert_eq!(wrong(&sample(), &[("rounds.csv", seal)]), ["rounds.csv:2 state"], "it is not settled");
    for row in ["2014-H1-ASM,YB14-GY-005,duty,400,", "2014-H1-ASM,YB14-GY-005,duty,x,"] {
        let scores = format!("{SCORES}{row}\n");
        let found = wrong(&sample(), &[("rounds.csv", seal), ("scores.csv", &scores)]);
        assert_eq!(found, ["scores.csv:2 points"]);
    }
}

#[test]
fn a_record_that_is_there_twice_is_told_although_its_first_row_is_wrong() {
    let rows = "project,date,percent\nYB14-GY-005,2014-06-30,101\nYB14-GY-005,2014-06-30,45\nYB14-GY-005,soon,45\nYB14-GY-005,soon,45\n";
    let found = wrong(&sample(), &[("progress.csv", rows)]);
    assert_eq!(
        found,
        ["progress.csv:2 percent", "progress.csv:3 project", "progress.csv:4 date", "progress.csv:5 date"],
        "a day that is none is no key"
    );
}

#[test]
fn a_file_of_nothing_but_errors_is_listed_in_bounds() {
    let rows = format!("project,date,percent\n{}", "x,y,z\n".repeat(20_000));
    let bad = import(&sample(), &file("progress.csv", &rows), CLERK).expect_err("nothing but errors");
    assert_eq!(bad.len(), 10_001);
    assert!(bad[0].row == 0 && bad[0].reason.zh.contains("只列出 10000 处"), "{:?}", bad[0]);
}
