//! `--as-of`: every reading command answers as on that day, from dated facts alone, and nothing is saved.

use serde_json::{Value, json};

use crate::folder::{ASSESSMENT, Folder, Written, milestone, project, unit};

/// A district in which something happens in every month.
fn year() -> Written {
    let text = format!(
        "town = \"TA\"\n{}[[project.move]]\nboard = \"headquarters\"\nunit = \"B\"\nfrom = 2014-06-15\nreason = \"调整\"\n",
        milestone("主体", "2014-05-31")
    );
    Folder::empty()
        .district(&(unit("B", "headquarters") + ASSESSMENT))
        .projects(&project("P", &text))
        .targets(
            "[[indicator]]\nid = \"gdp\"\nname = \"生产总值\"\nunit = \"亿元\"\nbetter = \"higher\"\n\
             [[goal]]\nid = \"g\"\nname = \"目标\"\nop = \"at_least\"\nvalue = 95\ndue = 2014-12-31\n",
        )
        .with("milestones.csv", &["project,milestone,done", "P,主体,2014-06-20"])
        .with(
            "progress.csv",
            &[
                "project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note",
                "P,2014-04-30,40,50,,,,behind,",
                "P,2014-06-25,100,100,,,,completed,",
            ],
        )
        .with(
            "incidents.csv",
            &[
                "id,source,kind,date,project,resolved,people,amount,reference",
                "I,petition,wage_unresolved,2014-05-10,P,2014-06-10,,,",
            ],
        )
        .with(
            "rectifications.csv",
            &[
                "id,project,unit,finding,action,issued,due,state,closed",
                "Z,P,A,问题,措施,2014-05-05,2014-05-25,closed,2014-06-05",
            ],
        )
        .with(
            "indicators.csv",
            &[
                "indicator,period,value,growth,target_growth,city_growth,versus_city,provisional",
                "gdp,2014-Q1,30,9,8,,,no",
                "gdp,2014-H1,72,7,8,,,yes",
            ],
        )
        .with("goals.csv", &["goal,date,value,note", "g,2014-05-01,90,", "g,2014-06-01,96,"])
        .with("rounds.csv", &["round,state,date,reason", "R,open,2014-04-01,"])
        .written()
}

#[test]
fn status_and_projects_stand_as_on_the_day() {
    let year = year();
    let seen = |day: &str| {
        let status = year.json(&format!("status --as-of {day}"));
        let p = year.json(&format!("projects --as-of {day}"))["projects"][0].clone();
        let must = &status["must"];
        (
            [must["completed"].clone(), must["on_track"].clone(), must["behind"].clone()]
                .map(|v| v.as_u64().unwrap_or(9)),
            json!([p["status"], p["lag_days"], p["headquarters"], p["reported"], status["as_of"]]),
        )
    };
    assert_eq!(seen("2014-05-31"), ([0, 1, 0], json!(["on_track", null, "A", "behind", "2014-05-31"])));
    assert_eq!(seen("2014-06-14"), ([0, 0, 1], json!(["behind", 14, "A", "behind", "2014-06-14"])));
    assert_eq!(seen("2014-06-19"), ([0, 0, 1], json!(["behind", 19, "B", "behind", "2014-06-19"])));
    assert_eq!(seen("2014-06-25"), ([1, 0, 0], json!(["completed", null, "B", "completed", "2014-06-25"])));
    // Without a day the newest open assessment has its own; what is due soon is counted from today.
    assert_eq!(year.json("status")["as_of"], "2014-06-30");
}

#[test]
fn a_dossier_knows_nothing_of_what_came_later() {
    let year = year();
    let seen = |day: &str| {
        let p = year.json(&format!("project P --round R --as-of {day}"));
        let part = |i: usize| p["score"]["parts"][i]["points"].clone();
        let m = &p["milestones"][0];
        json!([m["done"], m["late_days"], part(0), part(1), p["score"]["deduction_total"]])
    };
    // Nothing due: not applicable. 40 of 50 of 25 points.
    assert_eq!(seen("2014-05-09"), json!([null, null, null, 20, 0]));
    assert_eq!(seen("2014-06-09"), json!([null, 9, 0, 20, 3]));
    assert_eq!(seen("2014-06-24"), json!(["2014-06-20", 20, 36, 20, 1]));
    assert_eq!(seen("2014-06-30"), json!(["2014-06-20", 20, 36, 25, 1]));
}

#[test]
fn a_board_of_an_open_round_follows_the_day_and_its_moves() {
    let year = year();
    let holder = |day: &str| {
        let board = year.json(&format!("rank headquarters --round R --as-of {day}"));
        let rows = board["rows"].as_array().expect("rows").clone();
        let of = |code: &str| rows.iter().find(|r| r["unit"] == code).map(|r| r["projects"].clone());
        (board["as_of"].clone(), of("A"), of("B"))
    };
    assert_eq!(holder("2014-06-14"), (json!("2014-06-14"), Some(json!(1)), Some(json!(0))));
    assert_eq!(holder("2014-06-15"), (json!("2014-06-15"), Some(json!(0)), Some(json!(1))));
}

#[test]
fn targets_and_rectifications_stand_as_on_the_day() {
    let year = year();
    let targets = |day: &str| {
        let t = year.json(&format!("targets --as-of {day}"));
        let (i, g) = (&t["indicators"][0], &t["goals"][0]);
        json!([i["period"], i["light"], g["value"], g["light"]])
    };
    assert_eq!(targets("2014-03-30"), json!([null, "grey", null, "grey"]));
    assert_eq!(targets("2014-05-31"), json!(["2014-Q1", "green", 90, "yellow"]));
    assert_eq!(targets("2014-06-30"), json!(["2014-H1", "yellow", 96, "green"]));
    let rectification = |day: &str| {
        let list = year.json(&format!("rectifications --as-of {day}"))["rectifications"].clone();
        let of = |r: &Value| json!([r["state"], r["light"], r["overdue_days"], r["closed"]]);
        json!(list.as_array().expect("a list").iter().map(of).collect::<Vec<_>>())
    };
    assert_eq!(rectification("2014-05-04"), json!([]));
    assert_eq!(rectification("2014-05-20"), json!([["submitted", "yellow", null, null]]));
    assert_eq!(rectification("2014-06-04"), json!([["submitted", "red", 10, null]]));
    assert_eq!(rectification("2014-06-05"), json!([["closed", "green", null, "2014-06-05"]]));
    let closed = |day: &str| {
        let found = year.json(&format!("rectifications state:closed --as-of {day}"))["rectifications"].clone();
        found.as_array().map(Vec::len)
    };
    assert_eq!((closed("2014-06-04"), closed("2014-06-05")), (Some(0), Some(1)));
}

#[test]
fn warnings_are_those_of_the_day() {
    let year = year();
    let codes = |day: &str| {
        let found = year.json(&format!("check --as-of {day}"))["warnings"].clone();
        let codes = found.as_array().expect("warnings").iter().filter_map(|w| w["code"].as_str());
        codes.filter(|c| *c != "unit-without-projects").map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(codes("2014-05-31"), ["progress-stale", "rectification-overdue"]);
    assert_eq!(codes("2014-06-05"), ["overdue-unreported", "progress-stale"]);
    assert_eq!(codes("2014-06-30"), Vec::<String>::new());
    assert_eq!(codes("2014-09-29"), ["indicator-provisional"]);
}

#[test]
fn nothing_is_saved_while_a_past_day_is_shown() {
    let year = year();
    year.json("status");
    let before = year.json("verify")["entries"].clone();
    for line in [
        "score set R P duty 4",
        "round seal R",
        "round reopen R --reason x",
        "import district/records/goals.csv",
        "plan --apply",
        "resolve quota H2 鹿村镇 TA",
        "init elsewhere",
    ] {
        let ended = year.run(&format!("{line} --as-of 2014-06-01 --lang en"));
        assert_eq!(ended.code, 2, "{line}: {}", ended.err);
        assert!(ended.err.contains("read-only") && ended.err.contains("--as-of"), "{line}: {}", ended.err);
    }
    assert_eq!(year.json("verify")["entries"], before);
    assert!(!year.path("elsewhere").exists());
    // What would be saved may still be looked at.
    for line in ["round list", "plan", "history", "import district/records/goals.csv --dry-run"] {
        assert_eq!(year.run(&format!("{line} --as-of 2014-06-01")).code, 0, "{line}");
    }
}

#[test]
fn a_new_database_is_made_before_the_day_takes_effect() {
    let year = year();
    assert_eq!(year.json("status --as-of 2014-05-31")["must"]["completed"], 0);
    assert_eq!(year.json("status --as-of 2014-06-30")["must"]["completed"], 1);
}
