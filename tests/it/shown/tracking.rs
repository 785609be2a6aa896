//! Status, lights, pace and run rate: E01–E05, E28, E43.

use serde_json::json;

use super::{MILESTONES, each, of, picked, records};
use crate::folder::{Folder, milestone, project};
use dukao::domain::project::{Commitment, Tally};
use dukao::domain::value::Points;

/// Projects of a commitment: so many completed, on track and behind.
fn crowd(folder: &mut Folder, done: &mut Vec<String>, commitment: &str, counts: [usize; 3]) {
    let dues = ["2014-06-01", "2014-12-01", "2014-06-20"];
    for (kind, (n, due)) in counts.into_iter().zip(dues).enumerate() {
        for i in 0..n {
            let id = format!("{}-{kind}-{i}", commitment.to_uppercase());
            folder.projects += &project(&id, &milestone("主体", due)).replace("must", commitment);
            if kind == 0 {
                done.push(format!("{id},主体,2014-06-01"));
            }
        }
    }
}

fn half_year() -> Folder {
    let (mut folder, mut done) = (Folder::empty(), Vec::new());
    crowd(&mut folder, &mut done, "must", [12, 78, 7]);
    crowd(&mut folder, &mut done, "stretch", [1, 43, 3]);
    records(folder, "milestones.csv", MILESTONES, &done)
}

#[test]
fn e01_what_is_completed_on_track_and_behind() {
    let folder = half_year();
    let status = folder.json("status --as-of 2014-06-30");
    let keys = ["total", "completed", "on_track", "behind", "unknown", "excluded"];
    assert_eq!(picked(&status["must"], &keys), json!([97, 12, 78, 7, 0, 0]));
    assert_eq!(picked(&status["stretch"], &keys), json!([47, 1, 43, 3, 0, 0]));
    assert_eq!((&status["total"], status["behind"].as_array().map(Vec::len)), (&json!(144), Some(10)));
    let data = folder.snapshot(Some("2014-06-30"));
    let rates = |t: Tally| [t.completed, t.completed + t.on_track, t.behind].map(|n| t.rate(n).expect("a rate"));
    assert_eq!(rates(data.tally_of(Some(Commitment::Must))), [1237, 9278, 722].map(Points));
    assert_eq!(rates(data.tally_of(Some(Commitment::Stretch)))[..2], [213, 9362].map(Points));
    assert_eq!(rates(data.tally_of(None)), [903, 9306, 694].map(Points));
}

#[test]
fn e02_what_the_speed_so_far_comes_to() {
    let status = half_year().json("status --as-of 2014-06-30");
    let keys = ["forecast", "left", "needed_per_month", "so_far_per_month", "ratio"];
    assert_eq!(picked(&status["must"]["run_rate"], &keys), json!([24, 85, 14.17, 2, 7.08]));
    let january = half_year().json("status --as-of 2014-01-15");
    assert_eq!(picked(&january["must"]["run_rate"], &keys), json!([null, 97, 8.08, null, null]));
}

#[test]
fn e03_status_and_light_of_each_case() {
    let due = |dates: &[&str]| -> String {
        dates.iter().enumerate().map(|(i, d)| milestone(&format!("m{i}"), &format!("2014-{d}"))).collect()
    };
    /// Id, due days, and which milestone was done when.
    type Case<'a> = (&'a str, &'a [&'a str], &'a [(usize, &'a str)]);
    let cases: [Case<'_>; 9] = [
        ("a", &["06-30"], &[]),
        ("b", &["06-29"], &[]),
        ("c", &["05-31"], &[]),
        ("d", &["05-30"], &[]),
        ("e", &["03-31", "06-20"], &[(1, "06-01")]),
        ("f", &["03-31", "09-30"], &[(0, "05-02")]),
        ("g", &["03-31", "06-30"], &[(0, "03-01"), (1, "06-30")]),
        ("h", &["06-15"], &[(0, "07-03")]),
        ("i", &[], &[]),
    ];
    let (mut folder, mut done) = (Folder::empty(), Vec::new());
    for (id, dues, records) in cases {
        folder.projects += &project(id, &due(dues));
        done.extend(records.iter().map(|(i, date)| format!("{id},m{i},2014-{date}")));
    }
    let folder = records(folder, "milestones.csv", MILESTONES, &done);
    let list = folder.json("projects --as-of 2014-06-30");
    for (id, status, light, lag) in [
        ("a", "on_track", "green", json!(null)),
        ("b", "behind", "yellow", json!(1)),
        ("c", "behind", "yellow", json!(30)),
        ("d", "behind", "red", json!(31)),
        ("e", "behind", "red", json!(91)),
        ("f", "on_track", "green", json!(null)),
        ("g", "completed", "green", json!(null)),
        ("h", "behind", "yellow", json!(15)),
        ("i", "unknown", "grey", json!(null)),
    ] {
        let seen = picked(of(&list["projects"], "id", id), &["status", "light", "lag_days"]);
        assert_eq!(seen, json!([status, light, lag]), "{id}");
    }
    // The milestone of h was reached later: on that day it is as good as any.
    let later = folder.json("project h --as-of 2014-07-03");
    assert_eq!(picked(&later, &["status", "light"]), json!(["completed", "green"]));
    assert_eq!(picked(&later["milestones"][0], &["done", "late_days"]), json!(["2014-07-03", 18]));
    let then = folder.json("project h --as-of 2014-06-30");
    assert_eq!(picked(&then["milestones"][0], &["done", "late_days"]), json!([null, 15]));
}

#[test]
fn reports_better_than_derived_are_counted_by_unit() {
    let folder = Folder::empty().projects(
        &["on_track", "behind", "completed", "silent", "unknown"]
            .map(|id| project(id, &if id == "unknown" { String::new() } else { milestone("m", "2014-06-20") }))
            .concat(),
    );
    let said = |id: &str, says: &str, date: &str| format!("{id},2014-{date},,,,,,{says},");
    let rows = [
        said("on_track", "on_track", "06-25"),
        said("behind", "behind", "06-25"),
        said("completed", "completed", "06-25"),
        said("unknown", "completed", "06-25"),
        // The newest report counts as a whole: this one says nothing.
        said("silent", "completed", "06-21"),
        said("silent", "", "06-25"),
    ];
    let written = records(folder, "progress.csv", super::PROGRESS, &rows).written();
    let of_a = |day: &str| of(&written.json(&format!("status --as-of {day}"))["optimism"], "unit", "A").clone();
    assert_eq!(of_a("2014-06-30"), json!({ "unit": "A", "better": 2, "reported": 4 }));
    assert_eq!(of_a("2014-06-21"), json!({ "unit": "A", "better": 1, "reported": 1 }));
    assert_eq!(of_a("2014-06-20"), json!({ "unit": "A", "better": 0, "reported": 0 }));
}

#[test]
fn e04_ahead_of_pace() {
    for (completed, day, ahead) in [(74, "2014-08-31", 7.33), (19, "2014-02-28", 2.33)] {
        let (mut folder, mut done) = (Folder::empty(), Vec::new());
        crowd(&mut folder, &mut done, "must", [completed, 100 - completed, 0]);
        let done: Vec<String> = done.iter().map(|row| row.replace("2014-06-01", "2014-01-20")).collect();
        let status = records(folder, "milestones.csv", MILESTONES, &done).json(&format!("status --as-of {day}"));
        assert_eq!(status["must"]["run_rate"]["ahead_pp"], json!(ahead), "{day}");
    }
}

#[test]
fn e05_pace_by_days_and_by_months() {
    let plan = "[[quota_plan]]\nid = \"H2\"\nname = \"下半年\"\nfrom = 2014-07-01\nto = 2014-12-31\n\
                [[quota_plan.tier]]\nid = \"t\"\nlabel = \"亿元\"\nat_least = \"1亿元\"\n";
    let months = Folder::empty().targets(plan).written();
    let days = Folder::empty().targets(plan).rules("[quota]\npace = \"months\"", "[quota]\npace = \"days\"").written();
    for (day, by_days, by_months) in [
        ("2014-06-30", 0.0, 0.0),
        ("2014-09-30", 50.0, 50.0),
        ("2014-10-15", 58.15, 50.0),
        ("2014-12-31", 100.0, 100.0),
        ("2015-02-01", 100.0, 100.0),
    ] {
        let pace = |written: &crate::folder::Written| {
            written.json(&format!("targets quotas --as-of {day}"))["quota_plans"][0]["pace"].as_f64()
        };
        assert_eq!((pace(&days), pace(&months)), (Some(by_days), Some(by_months)), "{day}");
    }
}

#[test]
fn e28_money_with_its_unit() {
    let amounts = ["13亿元", "2.02亿元", "130000万元", "1557万美元", "1.23456789亿元"];
    let mut folder = Folder::empty();
    for (i, amount) in amounts.iter().enumerate() {
        folder.projects += &project(&format!("P{i}"), &format!("total_investment = \"{amount}\""));
    }
    let list = folder.json("projects")["projects"].clone();
    let yuan = each(&list, "total_investment_yuan");
    assert_eq!(json!(yuan), json!([1_300_000_000, 202_000_000, 1_300_000_000, null, 123_456_789]));
    assert_eq!(list[3]["total_investment"], json!({ "amount": 15_570_000, "currency": "USD" }));
}

#[test]
fn e43_the_sample_at_two_days() {
    let sample = crate::contract::District::new();
    let keys = ["completed", "on_track", "behind"];
    for day in ["2014-06-30", "2014-07-12"] {
        let status = sample.run(&format!("status --json --as-of {day}")).json();
        assert_eq!(picked(&status["must"], &keys), json!([12, 78, 7]), "{day}");
        assert_eq!(picked(&status["stretch"], &keys), json!([1, 43, 3]), "{day}");
    }
    let list = sample.run("projects lag>30 --json --as-of 2014-06-30").json();
    let red: Vec<_> = each(&list["projects"], "id").into_iter().zip(each(&list["projects"], "lag_days")).collect();
    let red = json!(red);
    for one in [json!(["YB14-XX-010", 45]), json!(["YB14-SZ-027", 37]), json!(["YB14-NC-023", 31])] {
        assert!(red.as_array().is_some_and(|r| r.contains(&one)), "{one} in {red}");
    }
    assert_eq!(red.as_array().map(Vec::len), Some(3), "{red}");
}
