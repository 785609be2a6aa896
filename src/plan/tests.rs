//! The sample loads; every rule of validity has one bad text that breaks it.

mod validity;

use super::*;
use crate::domain::project::Commitment;
use crate::domain::scoring::{QuotaLight, Trim};
use crate::domain::value::{Lang, Money, Points};

/// The sample with one text replaced in one file.
fn with(file: &str, from: &str, to: &str) -> Texts {
    let mut texts = Texts::sample();
    let text = match file {
        "district" => &mut texts.district,
        "projects" => &mut texts.projects,
        "scoring" => &mut texts.scoring,
        _ => &mut texts.targets,
    };
    assert!(text.contains(from), "{from:?} is not in {file}.toml");
    *text = text.replacen(from, to, 1);
    texts
}

fn errors(texts: &Texts) -> Vec<Diagnostic> {
    load(texts).err().unwrap_or_default()
}

/// The one error that a replacement makes.
fn only(file: &str, from: &str, to: &str) -> Diagnostic {
    let mut found = errors(&with(file, from, to));
    assert_eq!(found.len(), 1, "{file}: {from:?} -> {to:?}:\n{}", render_all(&found, Lang::Zh));
    found.remove(0)
}

fn line_of(text: &str, needle: &str) -> usize {
    text[..text.find(needle).expect("the needle")].matches('\n').count() + 1
}

#[test]
fn the_sample_loads() {
    let loaded = load_located(&Texts::sample()).unwrap_or_else(|e| panic!("{}", render_all(&e, Lang::Zh)));
    let plan = &loaded.plan;
    assert_eq!(plan.projects.len(), 144);
    assert_eq!(plan.projects.iter().filter(|p| p.commitment == Commitment::Must).count(), 97);
    assert_eq!(plan.district.units.len(), 24);
    assert_eq!(plan.district.judges.len(), 50);
    assert_eq!(plan.district.rounds[3].sites.len(), 0);
    assert_eq!(plan.pair(plan.round_ix("2014-Q2-OBS").unwrap()), plan.round_ix("2014-H1-ASM"));
    assert_eq!(plan.rules.scope.per_completed, Points(50));
    assert_eq!(plan.rules.criteria.iter().map(|c| c.points).sum::<Points>(), Points::whole(100));
    assert_eq!(plan.rules.observation.trim, Trim::Auto);
    assert_eq!(plan.rules.caps.deduction["false"], Points::whole(20));
    assert_eq!(
        plan.rules.light.quota,
        QuotaLight::Lag { yellow_from: Points::whole(10), red_above: Points::whole(30) }
    );
    let scoring = Texts::sample().scoring;
    let line = line_of(&scoring, "id = \"duty\"") - 1;
    assert_eq!(plan.rules.lines["criterion.duty"] as usize, line);
    assert_eq!(plan.rules.lines["caps"] as usize, line_of(&scoring, "[caps]"));
    let h2 = &plan.targets.quota_plans[1];
    assert_eq!(h2.quotas[0].targets, [None, Some(1)]);
    assert_eq!(h2.quotas[2].label, "鹿村镇");
    assert_eq!(h2.quotas[2].candidates.len(), 2);
    let parts: Vec<&str> = plan.targets.tallies[1].parts.iter().map(|p| p.0.as_str()).collect();
    assert_eq!(parts, ["completed", "on_track"]);
    let p = plan.project(plan.project_ix("YB14-GY-003").unwrap());
    assert_eq!(p.total_investment, Some(Money::yuan(1_300_000_000)));
    let place = loaded.lines.get("project/YB14-GY-003");
    let line = line_of(&Texts::sample().projects, "id = \"YB14-GY-003\"") - 1;
    assert_eq!(place, Some(("projects.toml", u32::try_from(line).unwrap())));
}

#[test]
fn three_mistakes_in_one_file_are_three_errors() {
    let mut texts = Texts::sample();
    let p = &mut texts.projects;
    *p = p.replacen("headquarters = \"GY\"", "headquarters = \"GX\"", 1);
    *p = p.replacen("due = 2014-02-05", "due = 2014-02-30", 1);
    *p = p.replacen("contractor = ", "contracter = ", 1);
    let found = errors(&texts);
    let text = render_all(&found, Lang::Zh);
    assert_eq!(found.len(), 3, "{text}");
    assert_eq!(found[0].line, line_of(&texts.projects, "\"GX\""));
    assert_eq!(found[0].column, 16);
    assert!(text.contains("是否为 GY？"), "{text}");
    assert!(text.contains("2014-06-30"), "{text}");
    assert!(text.contains("是否为 contractor？"), "{text}");
    assert!(text.contains("headquarters = \"GX\""), "{text}");
    assert!(text.contains("^^^^"), "{text}");
}

#[test]
fn errors_of_all_files_come_in_one_run() {
    let mut texts = with("district", "kind = \"town\"", "kind = \"twon\"");
    texts.projects = texts.projects.replacen("commitment = \"must\"", "commitment = \"most\"", 1);
    texts.scoring = texts.scoring.replacen("points = 40", "points = 41", 1);
    texts.targets = texts.targets.replacen("unit = \"TC\"", "unit = \"TD\"", 1);
    let found = errors(&texts);
    let files: Vec<&str> = found.iter().map(|d| d.file.as_ref()).collect();
    // The town that is none any more is also refused where projects stand in it; it is listed after the others.
    for file in FILES {
        assert!(files.contains(&file), "{file}");
    }
}

#[test]
fn wrong_dates_show_their_form() {
    for bad in ["2014-6-30", "2014/06/30", "\"2014-06-30\"", "2014-13-01", "2014年6月30日", "20140630"] {
        let d = only("projects", "due = 2014-02-05", &format!("due = {bad}"));
        assert!(d.hint.clone().is_some_and(|h| h.zh.contains("2014-06-30")), "{bad}: {}", d.render(Lang::Zh));
        assert_eq!(d.source, format!("due = {bad}"));
    }
}

#[test]
fn amounts_show_their_unit() {
    for bad in ["\"13\"", "13", "\"13亿人民币\"", "1.5", "13亿元"] {
        let d = only("projects", "total_investment = \"13亿元\"", &format!("total_investment = {bad}"));
        assert!(d.hint.clone().is_some_and(|h| h.zh.contains("\"13亿元\"")), "{bad}: {}", d.render(Lang::Zh));
    }
}

#[test]
fn columns_count_characters() {
    let d = only("projects", "town = \"DZ\"", "\"town\" = \"伊滨镇\" # 伊");
    assert_eq!(d.column, 10);
    let shown = d.render(Lang::En);
    assert!(shown.contains("projects.toml:") && shown.contains(":10"), "{shown}");
    assert!(d.hint.is_some());
}

#[test]
fn names_are_not_codes() {
    let d = only("projects", "town = \"DZ\"", "town = \"佃庄镇\"");
    assert_eq!(d.hint.unwrap().zh, "写作 DZ");
    let d = only("projects", "town = \"DZ\"", "town = \"GY\"");
    assert!(d.message.zh.contains("不是镇"));
}

#[test]
fn district_rules() {
    let cases = [
        ("schema = 1", "schema = 2", "schema"),
        ("year = 2014", "year = 14", "year"),
        ("id = \"yibin-2014\"", "id = \"a/b\"", "id"),
        ("code = \"WA\"", "code = \"Wa\"", "code"),
        ("code = \"WA\"\nkind = \"area\"", "code = \"DZ\"\nkind = \"town\"", "code"),
        ("short = \"万安山\"", "short = \"学 校\"", "short"),
        ("ranked = false", "ranked = true", "ranked"),
        ("login = \"jiazu\"", "login = \"Jiazu\"", "login"),
        ("login = \"jiazu\"", "login = \"zhukao\"", "login"),
        ("uid = 1002", "uid = 1001", "uid"),
        ("home_unit = \"JJ\"", "home_unit = \"JK\"", "home_unit"),
        ("short = \"工业及研发\"", "short = \"SZ\"", "code"),
        ("roles = [\"auditor\"]", "roles = [\"auditer\"]", "roles"),
        ("id = \"J02\"", "id = \"J01\"", "id"),
        ("from = 2014-04-01", "from = 2014-07-01", "[[round]]"),
        ("previous = \"2014-Q1-OBS\"", "previous = \"2014-Q1-OPS\"", "previous"),
        ("pair = \"2014-Q1-OBS\"", "pair = \"2014-H1-ASM\"", "pair"),
        ("pair = \"2014-Q1-OBS\"", "pair = \"2014-Q1-OBS\"\nprojects = []", "projects"),
        ("  \"YB14-GY-009\",", "  \"YB14-GY-006\",", "  \"YB14"),
        ("  \"YB14-GY-009\",", "  \"YB14-GY-999\",", "  \"YB14"),
        ("language = \"auto\"", "language = \"de\"", "language"),
        ("sample = true", "sample = \"yes\"", "sample"),
        ("today = 2014-07-12", "todya = 2014-07-12", "todya"),
        ("name = \"伊滨区\"", "name = \"伊滨\u{200b}区\"", "name"),
        ("name_en = \"Zhuge\"", "name_en = \"\\u202EZhuge\"", "name_en"),
        ("name = \"样例主考员\"", "name = \"\"", "name"),
    ];
    for (from, to, line) in cases {
        let d = only_or_cascade("district", from, to);
        assert!(d.source.starts_with(line), "{to:?}: {}", d.render(Lang::Zh));
    }
    let long = format!("name = \"{}\"", "长".repeat(201));
    assert!(only("district", "name = \"样例主考员\"", &long).message.zh.contains("200"));
}

/// The first error: units that lose their code make others.
fn only_or_cascade(file: &str, from: &str, to: &str) -> Diagnostic {
    let mut found = errors(&with(file, from, to));
    assert!(!found.is_empty(), "{file}: {from:?} -> {to:?}");
    found.retain(|d| d.file.starts_with(file));
    found.remove(0)
}

#[test]
fn a_pair_names_back() {
    let found =
        errors(&with("district", "previous = \"2014-Q1-OBS\"", "previous = \"2014-Q1-OBS\"\npair = \"2014-Q1-ASM\""));
    // Neither of the two that are left over is named back.
    assert_eq!(found.len(), 2, "{}", render_all(&found, Lang::Zh));
    assert!(found.iter().all(|d| d.message.zh.contains("配对") && d.source.starts_with("pair")));
}

#[test]
fn project_rules() {
    let two = "town_shares = { DZ = 6000, ZG = 4000 }";
    let moved = "[[project.move]]\nboard = \"town\"\nunit = \"ZG\"\nfrom = 2014-06-01\nreason = \"x\"\n";
    let cases = [
        ("town = \"DZ\"".to_owned(), format!("town = \"DZ\"\n{two}"), "town ="),
        ("town = \"DZ\"".to_owned(), two.replace("4000", "4001"), "town_shares"),
        ("town = \"DZ\"".to_owned(), "town_shares = { DZ = 10000 }".to_owned(), "town_shares"),
        ("town = \"DZ\"".to_owned(), two.replace("ZG", "GY"), "town_shares"),
        ("annual_plan = \"4000万元\"".to_owned(), "annual_plan = \"0元\"".to_owned(), "annual_plan"),
        ("town = \"DZ\"".to_owned(), "town = \"DZ\"\ntask_points = 1001".to_owned(), "task_points"),
        ("town = \"DZ\"".to_owned(), "town = \"DZ\"\nstate = \"exempt\"".to_owned(), "state"),
        ("town = \"DZ\"".to_owned(), "town = \"DZ\"\nstall = \"fenced\"".to_owned(), "stall"),
        ("name = \"用地手续办结\"".to_owned(), "name = \"项目备案\"".to_owned(), "name"),
        ("weight = 5".to_owned(), "weight = 0".to_owned(), "weight"),
        ("kind = \"completion\"\ndue = 2014-12-31".to_owned(), "kind = \"completion\"".to_owned(), "[[project.mile"),
        ("id = \"YB14-GY-002\"".to_owned(), "id = \"YB14-GY-001\"".to_owned(), "id"),
        ("commitment = \"must\"".to_owned(), "commitment = true".to_owned(), "commitment"),
        ("town = \"DZ\"".to_owned(), format!("town = \"DZ\"\n{moved}{moved}"), "from"),
        ("town = \"DZ\"".to_owned(), format!("town = \"DZ\"\n{}", moved.replace("\"ZG\"", "\"GY\"")), "unit"),
        ("commitment = \"must\"".to_owned(), String::new(), "[[project]]"),
    ];
    for (from, to, line) in &cases {
        // Moves come before the keys of the first project's table, so they stand at its end instead.
        let texts = if to.contains("[[project.move]]") {
            let block = to.split_once('\n').expect("a move").1;
            with(
                "projects",
                "[[project]]\nid = \"YB14-GY-002\"",
                &format!("{block}\n[[project]]\nid = \"YB14-GY-002\""),
            )
        } else {
            with("projects", from, to)
        };
        let found = errors(&texts);
        assert_eq!(found.len(), 1, "{to}:\n{}", render_all(&found, Lang::Zh));
        assert!(found[0].source.starts_with(line), "{to:?}: {}", found[0].render(Lang::Zh));
    }
    let good = with("projects", "town = \"DZ\"", two);
    assert_eq!(load(&good).expect("shares").projects[0].towns.len(), 2);
}

#[test]
fn scoring_rules() {
    let cases = [
        ("points = 40", "points = 41", "[[criterion]]"),
        ("points = 40", "points = 39.999", "points"),
        ("id = \"physical\"", "id = \"node\"", "id"),
        ("id = \"model_city\"", "id = \"node\"", "id"),
        (
            "source = \"permits\"",
            "source = \"permits\"\nlate = { step_days = 1, loss_percent = 1, floor_percent = 1 }",
            "late",
        ),
        ("source = \"permits\"", "source = \"permits\"\npace = \"days\"", "pace"),
        ("floor_percent = 50", "floor_percent = 101", "late"),
        ("at_least = \"0元\"", "at_least = \"1元\"", "  { at_least"),
        ("at_least = \"5000万元\"", "at_least = \"2亿元\"", "  { at_least = \"1亿元\""),
        ("wage = 10\n", "", "group"),
        ("wage = 10\n", "wage = 10\nextra = 1\n", "extra"),
        ("when_resolved = \"wage_resolved\"", "when_resolved = \"wage_resolve\"", "when_resolved"),
        ("when_resolved = \"wage_resolved\"", "when_resolved = \"petition_group\"", "when_resolved"),
        ("when_resolved = \"wage_resolved\"", "when_resolved = \"wage_unresolved\"", "when_resolved"),
        ("points = 1\ngroup = \"wage\"", "points = 1\ngroup = \"wage\"\nsource = \"stop_and_go\"", "when_resolved"),
        ("assessment = 80", "assessment = 81", "[composite]"),
        ("groups = []", "groups = [{ id = \"leaders\", weight = 40 }]", "groups"),
        ("quota = { preset = \"yinchuan\" }", "quota = { yellow_from = 31, red_above = 30 }", "quota"),
        ("quota = { preset = \"yinchuan\" }", "quota = { preset = \"yinchun\" }", "quota"),
        ("yellow_to = 30", "yellow_to = -1", "milestone"),
        ("project = { min = 0, max = 105 }", "project = { min = 106, max = 105 }", "project"),
        ("trim = \"auto\"", "trim = -1", "trim"),
        ("trim = \"auto\"", "trim = \"atuo\"", "trim"),
        ("\"behind_count\", ", "\"must_completed_rate\", ", "tie_break"),
        ("\"behind_count\", ", "\"behind\", ", "tie_break"),
        ("cap = 3", "cap = -3", "stretch"),
        ("min_valid = 3", "min_valid = 2.5", "min_valid"),
        ("[quota]", "[quoto]", "[quoto]"),
        ("min_received_percent = 0", "min_recieved_percent = 0", "min_recieved_percent"),
        ("step = 0.5                      #", "step = 0 #", "step"),
        ("effective_to = 2014-12-31", "effective_to = 2013-12-31", "effective_to"),
    ];
    for (from, to, line) in cases {
        let d = only("scoring", from, to);
        assert!(d.source.starts_with(line), "{to:?}: {}", d.render(Lang::Zh));
    }
    // A chain: the target of one is itself resolved into another.
    let d = errors(&with(
        "scoring",
        "points = 1\ngroup = \"wage\"",
        "points = 1\ngroup = \"wage\"\nwhen_resolved = \"third\"\n[[deduction]]\nid = \"third\"\nlabel = \"x\"\npoints = 1\ngroup = \"wage\"",
    ));
    assert!(d.iter().any(|d| d.message.zh.contains("链")), "{}", render_all(&d, Lang::Zh));
    let groups = "groups = [{ id = \"leaders\", weight = 40 }, { id = \"bureaus\", weight = 60 }]";
    let found = errors(&with("scoring", "groups = []", groups));
    assert_eq!(found.len(), 15, "the judges of the towns have no group");
    assert!(found.iter().all(|d| d.file == "district.toml"));
}

#[test]
fn rules_are_read_as_written() {
    let plan = |from, to| load(&with("scoring", from, to)).expect(to).rules;
    assert_eq!(plan("trim = \"auto\"", "trim = \"none\"").observation.trim, Trim::None);
    assert_eq!(plan("trim = \"auto\"", "trim = 3").observation.trim, Trim::Each(3));
    assert_eq!(plan("per_completed = 0.5", "per_completed = 1").scope.per_completed, Points(100));
    assert_eq!(plan("per_completed = 0.5", "per_completed = 0.05").scope.per_completed, Points(5));
    let own = plan("quota = { preset = \"yinchuan\" }", "quota = { yellow_from = 5.5, red_above = 30 }").light.quota;
    assert_eq!(own, QuotaLight::Lag { yellow_from: Points(550), red_above: Points(3000) });
    let sanya = plan("quota = { preset = \"yinchuan\" }", "quota = { preset = \"sanya\" }").light.quota;
    assert_eq!(sanya, QuotaLight::Sanya);
}

#[test]
fn target_rules() {
    let cases = [
        ("  at_least = \"10亿元\"", "  at_least = \"1亿元\"", "  at_least"),
        ("id = \"10yi\"", "id = \"1yi\"", "  id"),
        ("  targets = { 1yi = 2", "  targets = { 2yi = 2", "  targets"),
        ("  targets = { 1yi = 2", "  targets = { 1yi = -2", "  targets"),
        ("  unit = \"TC\"\n", "", "  [[quota_plan.quota]]"),
        ("candidates = [\"PC\", \"LC\"]", "candidates = [\"PC\", \"LX\"]", "  candidates"),
        ("id = \"2014-H2\"", "id = \"2014-H1\"", "id"),
        ("priority = 1", "priority = 9", "priority"),
        ("value = 15\n", "", "[[goal]]"),
        ("op = \"zero\"", "op = \"zero\"\nvalue = 1", "value"),
        ("op = \"increase_pp\"", "op = \"increase\"", "op"),
        ("better = \"higher\"", "better = \"hihger\"", "better"),
        ("total = 144", "total = \"144\"", "total"),
        ("owner = \"ZR\"", "owner = \"区组织人事局\"", "owner"),
    ];
    for (from, to, line) in cases {
        let found = errors(&with("targets", from, to));
        assert!(!found.is_empty(), "{to:?}");
        assert!(found[0].source.starts_with(line), "{to:?}: {}", render_all(&found, Lang::Zh));
    }
}

#[test]
fn a_byte_order_mark_is_accepted_and_a_syntax_error_is_located() {
    let mut texts = Texts::sample();
    texts.projects.insert(0, '\u{feff}');
    texts.district.insert(0, '\u{feff}');
    assert!(load(&texts).is_ok());
    let d = only("projects", "name = \"麦达斯铝业项目\"", "name = 麦达斯铝业项目");
    assert_eq!(d.line, line_of(&Texts::sample().projects, "麦达斯铝业项目"));
    assert!(d.hint.is_some());
    // An unclosed brace is found out on the next line, and the errors in its wake do not drown it.
    let found = errors(&with("targets", "parts = { must = 97, stretch = 47 }", "parts = { must = 97, stretch = 47"));
    assert!(found.len() <= 12, "{}", found.len());
    assert_eq!(found[0].line, line_of(&Texts::sample().targets, "parts = { must = 97") + 1);
    let mut big = Texts::sample();
    big.targets.push_str(&"# 填\n".repeat(2_000_000));
    assert!(errors(&big).iter().any(|d| d.message.zh.contains("10 MB")));
}

#[test]
fn missing_and_unreadable_files_are_named() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("district.toml"), Texts::sample().district).expect("written");
    std::fs::write(dir.path().join("projects.toml"), b"a = \"\xcf\xee\"").expect("written");
    let found = Texts::read(dir.path()).expect_err("three files are wrong");
    assert_eq!(found.len(), 3);
    assert!(found[0].message.zh.contains("UTF-8"));
    assert_eq!((found[1].file.as_ref(), found[2].file.as_ref()), ("scoring.toml", "targets.toml"));
}

#[test]
fn hashes_are_those_of_sha256sum() {
    let mut texts = Texts::sample();
    texts.district = String::new();
    assert_eq!(texts.hashes().district_sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn plans_differ_by_row() {
    let old = load(&Texts::sample()).expect("the sample");
    assert_eq!(difference(&old, &old), []);
    let mut texts = with("projects", "town = \"DZ\"", "town = \"LC\"");
    // A unit that is put first shifts all places; nothing else may seem changed.
    texts.district =
        texts.district.replacen("[[unit]]", "[[unit]]\ncode = \"NEW\"\nkind = \"town\"\nname = \"新镇\"\n[[unit]]", 1);
    texts.targets = texts.targets.replacen("[[goal]]\nid = \"mass-line\"", "[[goal]]\nid = \"mass-lime\"", 1);
    let new = load(&texts).unwrap_or_else(|e| panic!("{}", render_all(&e, Lang::En)));
    let found: Vec<(Sign, &str, String)> = difference(&old, &new).into_iter().map(|d| (d.sign, d.kind, d.id)).collect();
    assert_eq!(
        found,
        [
            (Sign::Added, "unit", "NEW".to_owned()),
            (Sign::Changed, "project", "YB14-GY-001".to_owned()),
            (Sign::Added, "goal", "mass-lime".to_owned()),
            (Sign::Withdrawn, "goal", "mass-line".to_owned()),
        ]
    );
}

#[test]
fn the_sample_has_its_known_oddities() {
    use crate::domain::snapshot::{Facts, Snapshot};
    let loaded = load_located(&Texts::sample()).expect("the sample");
    let facts = Facts::empty(&loaded.plan);
    let snapshot = Snapshot::new(std::sync::Arc::new(loaded.plan), facts, "2014-07-12".parse().unwrap(), None);
    let found = lints(&snapshot, &loaded.lines);
    let unresolved = found.iter().find(|w| w.code == "quota-unresolved").expect("鹿村镇");
    assert!(unresolved.message.zh.contains("鹿村镇") && unresolved.message.zh.contains("庞村镇"));
    assert_eq!(unresolved.file, Some("targets.toml"));
    assert!(found.iter().any(|w| w.code == "duplicate-label" && w.message.zh.contains("便民服务中心")));
    assert!(found.iter().any(|w| w.code == "town-not-stated"));
    assert!(!found.iter().any(|w| w.code == "tally-partition"));
}

#[test]
fn a_damaged_text_is_refused_without_a_panic() {
    // Characters cut out, doubled or replaced at places that a fixed sequence picks: whatever comes out, it is said.
    let good = Texts::sample();
    let mut at = 12_345_usize;
    for round in 0..60 {
        at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut texts = good.clone();
        let text = match round % 4 {
            0 => &mut texts.district,
            1 => &mut texts.projects,
            2 => &mut texts.scoring,
            _ => &mut texts.targets,
        };
        let mut place = (at >> 20) % text.len();
        while !text.is_char_boundary(place) {
            place -= 1;
        }
        match round % 5 {
            0 => text.truncate(place),
            1 => text.insert_str(place, "\"\"\""),
            2 => text.insert_str(place, "[[\u{202e}"),
            3 => text.insert_str(place, "= {"),
            _ => text.replace_range(place..place + text[place..].chars().next().map_or(0, char::len_utf8), "🦀"),
        }
        if let Err(found) = load(&texts) {
            assert!(!found.is_empty());
            for d in &found {
                assert!(d.line >= 1 && d.column >= 1, "{d:?}");
            }
            assert!(!render_all(&found[..found.len().min(5)], Lang::Zh).is_empty());
        }
    }
}

#[test]
fn a_project_and_a_unit_are_found_by_what_they_are_called() {
    let plan = load(&Texts::sample()).expect("the sample");
    let project = |name: &str| plan.project_named(name).map(|ix| plan.project(ix).id.as_str());
    assert_eq!(project("YB14-GY-005"), Some("YB14-GY-005"));
    assert_eq!(project("GY-005"), Some("YB14-GY-005"), "as the screens shorten it");
    assert_eq!(project(" 【样例】 标准化厂房一期 "), Some("YB14-GY-005"), "blanks aside");
    for nobody in ["005", "-005", "GY", "Y-005", "", "标准化厂房"] {
        assert_eq!(project(nobody), None, "{nobody:?}");
    }
    // A code is that code, whatever else is called so.
    let mut plan = plan;
    plan.district.units[0].aliases.push("SZ".into());
    let unit = |name: &str| plan.unit_named(name).map(|ix| plan.unit(ix).code.as_str());
    assert_eq!((unit("SZ"), unit("市政及服务业"), unit("李村镇")), (Some("SZ"), Some("SZ"), Some("LC")));
}
