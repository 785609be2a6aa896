//! `dukao explain`: every subject, what it refuses, and that it agrees with the other commands.

use super::*;

fn steps(step: &Value) -> Vec<&Value> {
    step["steps"].as_array().expect("steps").iter().collect()
}

/// Every step of a derivation.
fn walk<'a>(step: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(step);
    for below in steps(step) {
        walk(below, found);
    }
}

fn all(document: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    walk(&document["derivation"], &mut found);
    found
}

/// The first step with this label.
fn labelled<'a>(document: &'a Value, label: &str) -> &'a Value {
    all(document).into_iter().find(|s| s["label"] == label).unwrap_or_else(|| panic!("no {label}: {document}"))
}

#[test]
fn a_project_is_explained_down_to_rule_and_record() {
    let district = District::new();
    let told = district.run("explain project:YB14-XX-010 --json").json();
    assert_eq!((&told["schema"], &told["subject"]), (&1.into(), &"project:YB14-XX-010".into()));
    assert_eq!((&told["round"], &told["as_of"]), (&"2014-H1-ASM".into(), &"2014-06-30".into()));
    let shown = district.run("project YB14-XX-010 --round 2014-H1-ASM --json").json();
    assert_eq!(labelled(&told, "得分")["result"], shown["score"]["score"]);
    assert_eq!(labelled(&told, "完成分值")["result"], shown["score"]["earned_points"]);
    assert_eq!(labelled(&told, "状态")["result"], "滞后");
    for step in all(&told) {
        let fields: Vec<&str> = step.as_object().expect("a step").keys().map(String::as_str).collect();
        assert_eq!(fields, ["label", "more", "result", "rule", "source", "steps", "working"]);
    }
    let rules = fs::read_to_string(district.path("scoring.toml")).expect("the rules");
    let rule = &labelled(&told, "节点目标")["rule"];
    assert_eq!((&rule["file"], &rule["clause"]), (&"scoring.toml".into(), &"criterion.node".into()));
    let line = usize::try_from(rule["line"].as_u64().expect("a line")).expect("small");
    assert!(rules.lines().nth(line - 1).expect("that line").starts_with("[[criterion]]"));
    let source = all(&told).into_iter().find(|s| s["source"]["kind"] == "score").expect("an entry")["source"].clone();
    let entry = district.run(&format!("history score:{} --json", source["key"].as_str().expect("a key"))).json();
    let newest = entry["entries"].as_array().expect("entries").last().expect("one").clone();
    assert_eq!((&source["seq"], &source["actor"], &source["at"]), (&newest["seq"], &newest["actor"], &newest["at"]));
}

#[test]
fn a_unit_is_explained_as_its_board_shows_it() {
    let district = District::new();
    for board in ["headquarters", "towns"] {
        let rows = district.run(&format!("rank {board} --json")).json();
        for row in rows["rows"].as_array().expect("rows") {
            let unit = row["unit"].as_str().unwrap_or("none");
            let told = district.run(&format!("explain unit:{unit} --json")).json();
            assert_eq!(told["subject"], format!("unit:{unit}"));
            for (label, key) in [("考核", "assessment"), ("观摩", "observation"), ("综合", "composite")] {
                assert_eq!(labelled(&told, label)["result"], row[key], "{unit} {label}");
            }
            assert_eq!(labelled(&told, "综合名次")["result"], row["rank"], "{unit}");
        }
    }
}

#[test]
fn targets_are_explained_by_id_code_and_label() {
    let district = District::new();
    let by_code = district.run("explain quota:2014-H2/KD --json").json();
    assert_eq!(by_code, district.run("explain quota:2014-H2/寇店镇 --json").json());
    assert_eq!(by_code["subject"], "quota:2014-H2/KD");
    let targets = district.run("targets --json").json();
    let row = |label: &str| {
        let rows =
            targets["quota_plans"].as_array().expect("plans").iter().flat_map(|p| p["rows"].as_array().expect("rows"));
        rows.clone().find(|r| r["label"] == label).cloned().expect("a row")
    };
    assert_eq!(labelled(&by_code, "寇店镇")["result"], row("寇店镇")["score"]);
    let unresolved = district.run("explain quota:2014-H2/鹿村镇 --json").json();
    assert_eq!(labelled(&unresolved, "鹿村镇")["result"], Value::Null);
    assert_eq!(district.run("explain quota:2014-H2 --json").json()["subject"], "quota:2014-H2");
    let light = |told: &Value| labelled(told, "灯")["result"].clone();
    assert_eq!(light(&district.run("explain indicator:gdp --json").json()), "绿");
    assert_eq!(light(&district.run("explain goal:economy-year --json").json()), "灰");
    assert_eq!(
        district.run("explain goal:economy-year --json --lang en").json()["derivation"]["steps"][0]["result"],
        "grey"
    );
}

#[test]
fn a_panel_names_its_ballots_to_whoever_may_see_them() {
    let district = District::new();
    let told = district.run("explain panel:YB14-GY-007 --json").json();
    assert_eq!(told["round"], "2014-Q2-OBS");
    assert!(all(&told).iter().any(|s| s["source"]["kind"] == "ballot"));
    let shown = district.run("project YB14-GY-007 --round 2014-Q2-OBS --json").json();
    assert_eq!(labelled(&told, "观摩")["result"], shown["panel"]["score"]);
    // A final round is for everybody, its single ballots are not.
    let strangers = District::of_strangers();
    let told = strangers.run("explain panel:YB14-GY-006 --round 2014-Q1-OBS --json").json();
    assert!(all(&told).iter().all(|s| s["source"]["kind"] != "ballot" && s["source"]["seq"].is_null()), "{told}");
}

#[test]
fn what_is_not_known_is_refused_with_what_is_near() {
    let district = District::new();
    for (subject, near) in [
        ("project:YB14-XX-01", "YB14-XX-001"),
        ("unit:SZ2", "SZ"),
        ("unit:乌有", "SZ 市政及服务业"),
        ("unit:JJ", "不参加排名"),
        ("panel:YB14-XX-010", "YB14-GY-007"),
        ("quota:2014-Q2", "2014-H2"),
        ("quota:2014-H2/鹿村", "鹿村镇"),
        ("indicator:gdq", "gdp"),
        ("goal:economy", "economy-year"),
        ("projekt:YB14-XX-010", "project"),
        ("YB14-XX-010", "project:YB14-XX-010"),
        ("gdp", "indicator:gdp"),
        ("nothing", "quota:PLAN/UNIT"),
        ("project:YB14-XX-010 --round 2014-H2-ASM", "2014-H1-ASM"),
        ("project:YB14-XX-010 --round 2014-H1", "2014-H1-ASM"),
        ("indicator:gdp --round 2014-H1-ASM", "--round"),
    ] {
        let ended = district.run(&format!("explain {subject}"));
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{subject}");
        assert!(ended.err.starts_with("error: ") && ended.err.contains(near), "{subject}: {}", ended.err);
    }
}

#[test]
fn an_open_round_is_not_explained_to_strangers() {
    let strangers = District::of_strangers();
    for line in ["explain unit:GY --round 2014-H1-ASM", "explain project:YB14-XX-010 --round 2014-H1-ASM"] {
        let ended = strangers.run(line);
        assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{line}: {}", ended.err);
    }
    let told = strangers.run("explain project:YB14-XX-010 --json").json();
    let labels: Vec<&Value> = all(&told).iter().map(|s| &s["label"]).collect();
    assert!(labels.contains(&&"状态".into()), "the status is for everybody");
    assert!(told["round"] != "2014-H1-ASM", "{told}");
    let told = strangers.run("explain unit:GY --json").json();
    assert_eq!(told["round"], "2014-Q1-ASM", "the newest published round");
}

#[test]
fn the_tree_reads_at_eighty_columns() {
    use unicode_width::UnicodeWidthStr;
    let district = District::new();
    for lang in ["zh", "en"] {
        let ended = district.run(&format!("explain project:YB14-XX-010 --lang {lang}"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.out.lines().all(|l| l.width() <= 80), "{}", ended.out);
        assert!(ended.out.contains("scoring.toml:23 [[criterion]] node"), "{}", ended.out);
        assert!(
            ended.out.lines().any(|l| l.trim_start().starts_with('#') && l.contains(" bootstrap ")),
            "{}",
            ended.out
        );
    }
}

#[test]
fn a_past_day_is_explained_as_it_was() {
    let district = District::new();
    let then = district.run("explain project:YB14-XX-010 --json --as-of 2014-05-10").json();
    let now = district.run("explain project:YB14-XX-010 --json").json();
    assert_ne!(labelled(&then, "状态")["result"], labelled(&now, "状态")["result"]);
    assert_eq!(then["as_of"], "2014-05-10");
}

#[test]
fn what_was_sealed_is_derived_by_its_own_rules() {
    let district = District::new();
    let asked = |subject: &str| {
        let json = district.run(&format!("explain {subject} --round 2014-Q1-ASM --json")).json();
        let steps = json["derivation"]["steps"].as_array().expect("steps").clone();
        (json["derivation"]["working"].as_str().expect("a working").to_owned(), steps)
    };
    let before = ["unit:NC", "project:YB14-NC-001"].map(|subject| asked(subject).1);
    district.edit("scoring.toml", |text| {
        text.replace("assessment = 80\nobservation = 20", "assessment = 70\nobservation = 30")
            .replace("loss_percent = 10", "loss_percent = 11")
    });
    let applied = district.run("plan --apply");
    assert_eq!(applied.code, 0, "{}", applied.err);
    for (subject, before) in ["unit:NC", "project:YB14-NC-001"].iter().zip(before) {
        let (heading, after) = asked(subject);
        assert!(heading.contains("按封存时的规则"), "{heading}");
        let told = |steps: &[Value]| steps.iter().map(|s| s["working"].to_string()).collect::<Vec<_>>();
        assert_eq!(told(&before), told(&after), "{subject}");
    }
    // An open round goes by the rules in force.
    let open = district.run("explain unit:NC --round 2014-H1-ASM --json").out;
    assert!(open.contains("(70 x ") && !open.contains("按封存时的规则"), "{open}");
}

#[test]
fn what_has_no_date_is_said() {
    let district = District::new();
    for command in ["rank --as-of 2014-01-20", "explain unit:AZ --as-of 2014-01-20"] {
        assert!(district.run(command).err.contains("没有日期，全部计入"), "{command}");
    }
    let refused = district.run("status --as-of 2014-6-30");
    assert!(refused.code == 2 && refused.err.contains("日期写作 2014-06-30"), "{}", refused.err);
}

#[test]
fn a_tally_and_a_rectification_explain_themselves() {
    let district = District::new();
    let must = district.run("explain tally:must --json").json();
    let steps = must["derivation"]["steps"].as_array().expect("steps");
    let result = |label: &str| steps.iter().find(|s| s["label"] == label).expect("the step")["result"].clone();
    assert_eq!([result("已完成"), result("滞后"), result("合计")], [12, 7, 97].map(Value::from));
    let rectification = district.run("explain rectification:ZG-001").out;
    assert!(rectification.contains("逾期 22 天"), "{rectification}");
    let refused = district.run("explain tally:mist");
    assert!(refused.code == 2 && refused.err.contains("must"), "{}", refused.err);
}
