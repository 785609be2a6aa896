//! Quotas, indicators and goals: E06, E24, E26, E27, E30, and what the formulas say beside them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{each, of, picked, records};
use crate::folder::{Folder, unit};
use dukao::domain::project::Light;
use dukao::domain::quota::Attraction;
use dukao::domain::snapshot::{Kept, Snapshot};
use dukao::domain::value::{Date, Money, Points};

const ATTRACTIONS: &str = "id,name,amount,received,origin,signed,host,credits,started,producing,excluded";
const INDICATORS: &str = "indicator,period,value,growth,target_growth,city_growth,versus_city,provisional";

/// The second half's plan with one tier and these rows.
fn quotas(rows: &str) -> String {
    format!(
        "[[quota_plan]]\nid = \"H2\"\nname = \"下半年\"\nfrom = 2014-07-01\nto = 2014-12-31\n\
         [[quota_plan.tier]]\nid = \"1yi\"\nlabel = \"亿元以上\"\nat_least = \"1亿元\"\n{rows}"
    )
}

fn quota(who: &str, targets: &str) -> String {
    format!("[[quota_plan.quota]]\n{who}\ntargets = {{ {targets} }}\n")
}

/// So many attractions of 1亿元 that credit a unit.
fn attracted(n: usize, credits: &str) -> Vec<String> {
    (0..n).map(|i| format!("{credits}{i},厂{i},1亿元,,,2014-07-05,,{credits},,,")).collect()
}

fn cell(figures: &Value, row: usize) -> &Value {
    &figures["quota_plans"][0]["rows"][row]["tiers"][0]
}

#[test]
fn e06_lights_of_both_presets() {
    use Light::{Green, Red, Yellow};
    let plain = Folder::empty().targets(&quotas(&quota("unit = \"A\"", "1yi = 10000")));
    let sanya = plain.clone().rules("quota = { preset = \"yinchuan\" }", "quota = { preset = \"sanya\" }");
    let seen = |folder: &Folder, actual: usize| {
        let data = folder.snapshot(None);
        let one = Attraction {
            name: "厂".into(),
            amount: Money::yuan(100_000_000),
            received: None,
            origin: None,
            signed: "2014-07-05".parse().expect("a date"),
            host: None,
            credits: vec!["A".into()],
            started: None,
            producing: None,
            excluded: None,
        };
        let mut facts = data.facts.clone();
        facts.attractions =
            Arc::new((0..actual).map(|i| (i.to_string(), Kept { seq: 1, value: one.clone() })).collect());
        let half: Date = "2014-09-30".parse().expect("a date");
        let then = Snapshot::new(Arc::clone(&data.plan), facts, half, None);
        let cell = then.quota_plans()[0].rows[0].cells[0].clone();
        (cell.light, cell.lag)
    };
    let lag = |n| Some(Points(n));
    let yinchuan = [
        (5000, (Green, None)),
        (4001, (Green, lag(999))),
        (4000, (Yellow, lag(1000))),
        (2000, (Yellow, lag(3000))),
        (1999, (Red, lag(3001))),
    ];
    for (actual, expected) in yinchuan {
        assert_eq!(seen(&plain, actual), expected, "{actual}");
    }
    for (actual, expected) in [(5000, Green), (4999, Yellow), (2500, Yellow), (2499, Red)] {
        assert_eq!(seen(&sanya, actual).0, expected, "{actual}");
    }
    let own = plain.clone().rules("quota = { preset = \"yinchuan\" }", "quota = { yellow_from = 5, red_above = 10 }");
    for (actual, expected) in [(4501, Green), (4500, Yellow), (4000, Yellow), (3999, Red)] {
        assert_eq!(seen(&own, actual).0, expected, "{actual}");
    }
    // The same bounds in hundredths, as a command shows them.
    for (actual, light, lag) in [(50, "green", json!(null)), (40, "yellow", json!(10)), (19, "red", json!(31))] {
        let folder = Folder::empty().targets(&quotas(&quota("unit = \"A\"", "1yi = 100")));
        let folder = records(folder, "attractions.csv", ATTRACTIONS, &attracted(actual, "A"));
        let figures = folder.json("targets --as-of 2014-09-30");
        assert_eq!(picked(cell(&figures, 0), &["light", "lag_pp"]), json!([light, lag]));
    }
}

/// Five rows, of which two state the higher tier only and one names no unit.
pub fn five_quotas() -> Folder {
    let rows = [
        quota("unit = \"B\"", "10yi = 1"),
        quota("unit = \"W\"", "10yi = 1"),
        quota("label = \"鹿村镇\"\ncandidates = [\"TA\"]", "1yi = 2, 10yi = 1"),
        quota("unit = \"KD\"", "1yi = 6, 10yi = 1"),
        quota("unit = \"DZ\"", "1yi = 2, 10yi = 1"),
    ];
    let tiers = "headline = 10\n[[quota_plan.tier]]\nid = \"10yi\"\nlabel = \"10亿元以上\"\nat_least = \"10亿元\"\nheadline = 5\n";
    Folder::empty()
        .district(
            &["bureau", "area", "town", "town"]
                .iter()
                .zip(["B", "W", "KD", "DZ"])
                .map(|(k, c)| unit(c, k))
                .collect::<String>(),
        )
        .targets(&quotas(&(tiers.to_owned() + &rows.concat())))
}

#[test]
fn e24_stated_and_implied_sums() {
    let plan = five_quotas().json("targets")["quota_plans"][0].clone();
    assert_eq!(json!(each(&plan["tiers"], "headline")), json!([10, 5]));
    assert_eq!(json!(each(&plan["tiers"], "stated_sum")), json!([10, 5]));
    assert_eq!(json!(each(&plan["tiers"], "implied_sum")), json!([12, 5]));
    let unknown = of(&plan["rows"], "label", "鹿村镇");
    assert_eq!(picked(unknown, &["unit", "resolution"]), json!([null, "unresolved"]));
    assert_eq!(
        picked(&unknown["tiers"][0], &["target", "actual", "progress", "light"]),
        json!([2, null, null, "grey"])
    );
}

#[test]
fn e26_a_quota_on_its_way() {
    let folder = Folder::empty().targets(&quotas(&quota("unit = \"A\"", "1yi = 6")));
    let folder = records(folder, "attractions.csv", ATTRACTIONS, &attracted(2, "A"));
    let figures = folder.json("targets --as-of 2014-09-30");
    assert_eq!(figures["quota_plans"][0]["pace"], 50);
    let keys = ["target", "actual", "progress", "lag_pp", "light", "forecast"];
    assert_eq!(picked(cell(&figures, 0), &keys), json!([6, 2, 33.33, 16.67, "yellow", 4]));
    assert_eq!(figures["quota_plans"][0]["rows"][0]["score"], 33.33);
    // Before the plan begins there is no light, at its first day none can be behind.
    let before = folder.json("targets --as-of 2014-06-30");
    assert_eq!(picked(cell(&before, 0), &["actual", "light", "forecast"]), json!([0, "grey", null]));
    assert_eq!(cell(&folder.json("targets --as-of 2014-07-01"), 0)["light"], "green");
}

#[test]
fn e27_nought_and_not_stated() {
    let rows = [quota("unit = \"TA\"", "1yi = 0"), quota("unit = \"A\"", "1yi = 0"), quota("unit = \"B\"", "")];
    let folder = Folder::empty().district(&unit("B", "bureau")).targets(&quotas(&rows.concat()));
    let folder = records(folder, "attractions.csv", ATTRACTIONS, &attracted(2, "A"));
    let figures = folder.json("targets --as-of 2014-09-30");
    let keys = ["target", "actual", "progress", "lag_pp", "light"];
    for (row, target, actual) in [(0, json!(0), 0), (1, json!(0), 2), (2, json!(null), 0)] {
        assert_eq!(picked(cell(&figures, row), &keys), json!([target, actual, null, null, "grey"]));
    }
    let text = folder.written().run("targets quotas --as-of 2014-09-30 --lang zh").out;
    let shown = |unit: &str| {
        let row = text.lines().map(|l| l.split('\t').collect::<Vec<_>>()).find(|cells| cells[1] == unit);
        row.map(|cells| [cells[3].to_owned(), cells[5].to_owned()]).unwrap_or_else(|| panic!("{unit} in {text}"))
    };
    let none = shown("B单位")[0].clone();
    assert!(none != "无任务" && none != "0", "{text}");
    assert_eq!(shown("TA单位"), ["无任务".to_owned(), none.clone()]);
    assert_eq!(shown("A单位"), ["无任务", "+2"]);
}

#[test]
fn e30_growth_against_target_and_city() {
    let indicator = |id: &str, better: &str| {
        format!("[[indicator]]\nid = \"{id}\"\nname = \"{id}\"\nunit = \"亿元\"\nbetter = \"{better}\"\n")
    };
    let folder = Folder::empty().targets(
        &[
            ("a", "higher"),
            ("b", "higher"),
            ("c", "higher"),
            ("d", "higher"),
            ("e", "higher"),
            ("f", "lower"),
            ("g", "higher"),
        ]
        .map(|(id, better)| indicator(id, better))
        .concat(),
    );
    let rows = [
        "a,2014-H1,72,9.8,9.0,8.5,,yes",
        "b,2014-H1,72,12.5,13.0,12.5,,no",
        "c,2014-H1,72,-0.1,5,8,,no",
        // The relation to the city without a number.
        "d,2014-H1,72,12.5,,,equal,no",
        "e,2014-H1,72,12.5,,,below,no",
        "f,2014-H1,72,-3,-2,,below,no",
        // A quarter and a half that end on one day: the longer one is newer; a later one has not ended.
        "g,2014-Q2,72,1,2,,,no",
        "g,2014-H1,73,3,2,,,no",
        "g,2014-H2,74,1,2,,,no",
    ];
    let folder = records(folder, "indicators.csv", INDICATORS, &rows.map(String::from));
    let figures = folder.json("targets indicators");
    let lights = json!(each(&figures["indicators"], "light"));
    assert_eq!(lights, json!(["green", "yellow", "red", "green", "yellow", "green", "green"]));
    let a = of(&figures["indicators"], "id", "a");
    assert_eq!(
        picked(a, &["period", "value", "growth", "target_growth", "provisional"]),
        json!(["2014-H1", 72, 9.8, 9, true])
    );
    assert_eq!(picked(of(&figures["indicators"], "id", "g"), &["period", "value"]), json!(["2014-H1", 73]));
    let may = folder.json("targets indicators --as-of 2014-05-31");
    assert_eq!(json!(each(&may["indicators"], "light")), json!(vec!["grey"; 7]));
}

#[test]
fn goals_of_every_operator() {
    let ops = ["at_least", "at_most", "increase_pp", "decrease_pp", "zero", "done"];
    let goal = |op: &str| {
        let value = if ["zero", "done"].contains(&op) { "" } else { "value = 15\n" };
        format!("[[goal]]\nid = \"{op}\"\nname = \"{op}\"\nop = \"{op}\"\n{value}due = 2014-07-05\n")
    };
    let folder = Folder::empty().targets(&ops.map(goal).concat());
    let reported = |values: [&str; 6]| {
        let rows: Vec<String> = ops.iter().zip(values).map(|(op, v)| format!("{op},2014-07-01,{v},")).collect();
        records(folder.clone(), "goals.csv", "goal,date,value,note", &rows).written()
    };
    let lights = |written: &crate::folder::Written, day: &str| {
        json!(each(&written.json(&format!("targets goals --as-of {day}"))["goals"], "light"))
    };
    let met = reported(["15", "15", "15", "15", "0", "1"]);
    assert_eq!(lights(&met, "2014-07-12"), json!(vec!["green"; 6]));
    let missed = reported(["14.99", "15.01", "14.99", "14.99", "1", "0"]);
    assert_eq!(lights(&missed, "2014-07-05"), json!(["yellow", "yellow", "yellow", "yellow", "red", "yellow"]));
    assert_eq!(lights(&missed, "2014-07-06"), json!(vec!["red"; 6]));
    assert_eq!(lights(&missed, "2014-06-30"), json!(vec!["grey"; 6]), "nothing is known yet");
}

#[test]
fn amounts_at_the_bound_of_a_tier_and_what_does_not_count() {
    let rows = [
        "x1,厂,1亿元,5000万元,other_province,2014-07-05,,A;TA,,,",
        "x2,厂,99999999元,1000万元,in_province,2014-07-05,,A,,,",
        "x3,厂,1557万美元,100万美元,abroad,2014-07-05,,A,,,",
        "x4,厂,3亿元,2亿元,local,2014-07-05,,A,,,重复",
        "x5,厂,1亿元,4900万元,in_province,2014-06-30,,A,,,",
        "x6,厂,1亿元,4999万元,other_province,2014-07-05,,A,,,",
    ];
    let folder = Folder::empty().targets(&quotas(&quota("unit = \"A\"", "1yi = 1")));
    let folder = records(folder, "attractions.csv", ATTRACTIONS, &rows.map(String::from));
    let plan = |folder: &Folder| folder.json("targets")["quota_plans"][0].clone();
    // x1 and x6 count; x1 is one project and two credits.
    let all = plan(&folder);
    assert_eq!(picked(&all["tiers"][0], &["distinct", "credits"]), json!([2, 3]));
    assert_eq!(picked(&all["rows"][0]["tiers"][0], &["actual", "progress"]), json!([2, 200]));
    assert_eq!(all["rows"][0]["score"], 100, "capped");
    assert_eq!(all["funds"], json!({ "outside_city_yuan": 109_990_000, "outside_province_yuan": 99_990_000 }));
    let strict = folder.clone().rules("min_received_percent = 0", "min_received_percent = 50");
    assert_eq!(picked(&plan(&strict)["tiers"][0], &["distinct", "credits"]), json!([1, 2]));
    let open = folder.clone().rules("score = \"capped\"", "score = \"uncapped\"");
    assert_eq!(plan(&open)["rows"][0]["score"], 200);
    let steps = |actual: usize| {
        let folder = Folder::empty()
            .rules("score = \"capped\"", "score = \"threshold\"")
            .targets(&quotas(&quota("unit = \"A\"", "1yi = 4")));
        plan(&records(folder, "attractions.csv", ATTRACTIONS, &attracted(actual, "A")))["rows"][0]["score"].clone()
    };
    assert_eq!([1, 2, 4].map(steps), [json!(0), json!(50), json!(100)]);
}

#[test]
fn an_unknown_name_is_resolved_by_a_recorded_decision() {
    let row = quota("label = \"鹿村镇\"\ncandidates = [\"TA\"]", "1yi = 2");
    let folder =
        Folder::empty().district(&unit("TB", "town")).targets(&quotas(&(row + &quota("unit = \"A\"", "1yi = 1"))));
    let written = records(folder, "attractions.csv", ATTRACTIONS, &attracted(1, "TB")).written();
    let seen = || {
        let row = written.json("targets")["quota_plans"][0]["rows"][0].clone();
        (picked(&row, &["unit", "label", "resolution"]), row["tiers"][0]["actual"].clone())
    };
    let resolve = |line: &str| written.run(&format!("resolve quota {line} --lang en"));
    assert_eq!(seen(), (json!([null, "鹿村镇", "unresolved"]), json!(null)));
    for (line, says) in [("H1 鹿村镇 TA", "H2"), ("H2 鹿镇 TA", "鹿村镇"), ("H2 鹿村镇 XY", "TA")] {
        let refused = resolve(line);
        assert!(refused.code == 2 && refused.err.contains(says), "{line}: {}", refused.err);
    }
    // Any unit, not only a candidate; the printed label stays, and the warning is gone.
    let warns = || json!(each(&written.json("check")["warnings"], "code")).to_string().contains("quota-unresolved");
    assert!(warns());
    assert_eq!(resolve("H2 鹿村镇 TB单位 --reason 会议纪要").code, 0);
    assert_eq!(seen(), (json!(["TB", "鹿村镇", "resolved"]), json!(1)));
    assert!(!warns());
    let history = written.json("history resolution")["entries"].clone();
    assert_eq!(picked(&history[0], &["key", "reason", "after"]), json!(["H2/鹿村镇", "会议纪要", { "unit": "TB" }]));
    assert_eq!(resolve("H2 鹿村镇 TA").code, 0);
    assert_eq!(seen(), (json!(["TA", "鹿村镇", "resolved"]), json!(0)));
}

#[test]
fn the_same_unit_is_not_credited_twice() {
    let folder = Folder::empty().targets(&quotas(&quota("unit = \"A\"", "1yi = 1")));
    let folder = records(folder, "attractions.csv", ATTRACTIONS, &["x,厂,1亿元,,,2014-07-05,,A;A,,,".to_owned()]);
    assert_eq!(folder.written().run("status --json").code, 5);
}
