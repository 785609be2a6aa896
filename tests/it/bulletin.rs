//! Bulletins, tables and printouts: what they say at each stage of a round, that their sums add up, and that nothing in
//! them acts.

mod office_files;
mod own_letter;
mod paper;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use dukao::domain::change::{Change, Draft, Kind, MilestoneRecord, Record, Subject};
use dukao::domain::round::RoundStep;
use dukao::domain::value::Points;

use crate::contract::{District, Ended};
use crate::rounds::{ASM, OBS, Office};

/// A command on the database of an office, run by its owner on the built-in sample.
fn run(office: &Office, line: &str) -> Ended {
    let home = TempDir::new().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_dukao"));
    command.env_clear().env("HOME", home.path()).env("LANG", "zh_CN.UTF-8").current_dir(home.path());
    command.arg("--database").arg(office.path()).args(line.split_whitespace());
    command.output().expect("the program").into()
}

/// Applies the sample's plan with other projects.
fn replan(office: &Office, projects: impl FnOnce(String) -> String) {
    let district = District::new();
    district.edit("projects.toml", projects);
    let folder = district.path("");
    let applied = run(office, &format!("plan --apply --district {}", folder.display()));
    assert_eq!(applied.code, 0, "{}", applied.err);
}

fn published() -> Office {
    let mut office = Office::completed();
    for step in [RoundStep::Seal, RoundStep::Publish] {
        for round in [OBS, ASM] {
            office.step(round, step, "").expect("a step");
        }
    }
    office
}

/// The tables of a Markdown document: header and rows, cells as printed.
fn markdown_tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with('|') {
            if !inside {
                tables.push(Vec::new());
            }
            if !line.starts_with("| ---") {
                tables.last_mut().expect("a table").push(cells(line));
            }
        }
        inside = line.starts_with('|');
    }
    tables
}

/// The tables of a CSV document: blocks of lines with as many cells as the line above.
fn csv_tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut width = 0;
    for record in reader.records() {
        let cells: Vec<String> = record.expect("a line").iter().map(str::to_owned).collect();
        if cells.len() > 1 {
            if cells.len() != width || cells[0] == tables.last().map_or("", |t| &t[0][0]) {
                tables.push(Vec::new());
            }
            tables.last_mut().expect("a table").push(cells.clone());
        }
        width = cells.len();
    }
    tables
}

fn hundredths(cell: &str) -> Option<i64> {
    Points::parse(cell).ok().map(|p| p.0)
}

/// Adds every column with a figure in the row 合计 again; how many there were.
fn readd(tables: &[Vec<Vec<String>>]) -> usize {
    let mut added = 0;
    for table in tables {
        let (header, rows) = table.split_first().expect("a header");
        let Some((total, rows)) = rows.split_last().filter(|(last, _)| last[0] == "合计") else { continue };
        for (place, head) in header.iter().enumerate().filter(|(_, head)| *head != "完成率%") {
            let Some(printed) = hundredths(&total[place]) else { continue };
            let sum: i64 = rows.iter().filter_map(|row| hundredths(&row[place])).sum();
            assert_eq!(sum, printed, "{head} of {rows:?}");
            added += 1;
        }
    }
    added
}

#[test]
fn every_printed_sum_can_be_added_again_by_hand() {
    let district = District::new();
    let markdown = markdown_tables(&district.run("export bulletin --round 2014-H1-ASM --format md").out);
    let csv = csv_tables(&district.run("export bulletin --round 2014-H1-ASM --format csv").out);
    // Tallies 7; both compositions 5 each; two tiers with target and done; 6 headquarters, 5 towns and 未注明 by 2.
    assert_eq!(readd(&markdown), 7 + 10 + 4 + 24);
    assert_eq!(readd(&csv), 7 + 10 + 4 + 24);

    // The parts of a project add up to its score, and score and task points to what is earned.
    let rows = markdown.iter().filter(|t| t[0].contains(&"适用分".to_owned())).flat_map(|t| &t[1..]);
    let mut scored = 0;
    for row in rows.filter(|r| r[0] != "合计" && r[10] != "—") {
        let at = |i: usize| hundredths(&row[i]).unwrap_or(0);
        let (parts, applicable): (i64, i64) = ((2..7).map(at).sum(), at(7));
        let base = (parts * 10_000 * 2 + applicable) / (applicable * 2);
        let score = (base + at(8) - at(9)).clamp(0, 10_500);
        assert_eq!(score, at(10), "{row:?}");
        assert_eq!((at(11) * at(10) * 2 + 10_000) / 20_000, at(12), "{row:?}");
        scored += 1;
    }
    assert_eq!(scored, 83);
    // What the boards say is what `rank` says.
    let board = district.run("rank headquarters --round 2014-H1-ASM --json").json();
    let printed = &markdown[1];
    for (row, unit) in printed[1..].iter().zip(board["rows"].as_array().expect("rows")) {
        let score = Points(hundredths(&row[4]).expect("a score")).json();
        assert_eq!((&row[0], &score), (&unit["rank"].to_string(), &unit["score"]));
    }
}

#[test]
fn only_a_published_pair_makes_a_final_bulletin() {
    let mut office = Office::completed();
    let say = |office: &Office| run(office, &format!("export bulletin --round {ASM} --format md")).out;
    let seal = |office: &mut Office, round: &str| office.seal(round).1.chars().take(8).collect::<String>();
    assert!(say(&office).contains("【草稿】关于2014年上半年考核、2014年二季度观摩结果的通报"));
    assert!(say(&office).contains("2014-H1-ASM 未封存"));
    for round in [OBS, ASM] {
        office.step(round, RoundStep::Seal, "").expect("complete");
    }
    let sealed = say(&office);
    assert!(sealed.contains("【草稿】"), "sealed is not published");
    let (a, o) = (seal(&mut office, ASM), seal(&mut office, OBS));
    assert!(sealed.contains(&format!("考核封存号（前8位）：2014-H1-ASM r1 {a}")), "{sealed}");
    assert!(sealed.contains(&format!("观摩封存号（前8位）：2014-Q2-OBS r1 {o}")), "{sealed}");
    office.step(ASM, RoundStep::Publish, "").expect("sealed");
    assert!(say(&office).contains("【草稿】"), "half of the pair is not published");
    office.step(OBS, RoundStep::Publish, "").expect("sealed");
    let published = say(&office);
    assert!(!published.contains("草稿") && !published.contains("更正"), "{published}");
    let data = office.store.snapshot(None);
    let head: String = data.facts.head.chars().take(12).collect();
    assert!(published.contains(&format!("台账末条（前12位）：#{} {head}", data.facts.seq)), "{published}");
    assert!(readd(&markdown_tables(&published)) >= 45);
    // The figures are those that the draft had.
    let figures = |text: &str| markdown_tables(text);
    assert_eq!(figures(&sealed), figures(&published));
}

#[test]
fn after_a_publication_the_bulletin_is_a_correction_with_old_and_new() {
    let mut office = published();
    let before = office.store.snapshot(None);
    let site = office.correct_a_ballot(Points(-10_00), "原票看错");
    let id = before.plan.project(site).id.clone();
    let say =
        |office: &Office, format: &str| run(office, &format!("export bulletin --round {ASM} --format {format}")).out;
    let draft = say(&office, "md");
    assert!(draft.contains("【草稿】关于2014年上半年考核、2014年二季度观摩结果的更正通报"), "{draft}");
    office.step(OBS, RoundStep::Publish, "").expect("sealed");
    let text = say(&office, "md");
    assert!(!text.contains("草稿"), "{text}");
    assert!(text.contains("## 一、更正内容") && text.contains("原因：原票看错。原通报以本通报为准。"), "{text}");
    let json: Value = serde_json::from_str(&say(&office, "json")).expect("JSON");
    assert_eq!((&json["stage"], &json["correction"]), (&"final".into(), &true.into()));
    let tables = json["parts"][0]["tables"].as_array().expect("tables").clone();
    let rows = |id: &str| {
        let table = tables.iter().find(|t| t["id"] == id).unwrap_or_else(|| panic!("{id} in {tables:?}"));
        table["rows"].as_array().expect("rows").clone()
    };
    let round = before.plan.round_ix(OBS).expect("a round");
    let old = before.panels(round).expect("panels").iter().find(|p| p.project == site).and_then(|p| p.score);
    let now = office.store.snapshot(None);
    let new = now.panels(round).expect("panels").iter().find(|p| p.project == site).and_then(|p| p.score);
    assert_ne!(old, new);
    let sites = rows("corrected_projects");
    assert_eq!(sites.len(), 1);
    assert!(id.ends_with(sites[0]["project"].as_str().expect("an id")));
    let json_of = |p: Option<Points>| p.map_or(Value::Null, Points::json);
    assert_eq!((&sites[0]["old_score"], &sites[0]["new_score"]), (&json_of(old), &json_of(new)));
    let measures: Vec<Value> = rows("corrected_units").iter().map(|r| r["measure"].clone()).collect();
    assert!(measures.contains(&"观摩".into()) && measures.contains(&"综合".into()), "{measures:?}");
    assert!(!measures.contains(&"考核".into()), "the assessment is what it was");
}

#[test]
fn a_final_bulletin_comes_out_again_as_it_was_issued() {
    let mut office = published();
    let formats = ["md", "html", "csv", "json"];
    let say =
        |office: &Office| formats.map(|f| run(office, &format!("export bulletin --round {ASM} --format {f}")).out);
    let issued = say(&office);
    let data = office.store.snapshot(None);
    // A milestone that was missed turns out to have been done in time.
    let late = data.behind()[0];
    let missed = data.standing(late).next.expect("a milestone");
    let (project, milestone) = (&data.plan.project(late).id, &data.plan.milestones(late)[missed]);
    let done = Record::Milestone(MilestoneRecord { done: milestone.due });
    let change = Change {
        subject: Subject::new(Kind::Milestone, &[project, &milestone.name]),
        before: None,
        after: Some(done),
        reason: String::new(),
    };
    office.save("luru", &[Draft { change, base: None }]).expect("saved");
    let behind = office.store.snapshot(None).behind();
    assert!(!behind.contains(&late) && issued[0].contains(&data.plan.project(late).name));
    assert_eq!(say(&office), issued);
    for round in [OBS, ASM] {
        office.step(round, RoundStep::Finalise, "").expect("published");
    }
    assert_eq!(say(&office), issued, "closed for good");
    // Another plan, in which everything has another name.
    replan(&office, |text| text.replace(&data.plan.project(late).name, "改了名的项目"));
    let named = run(&office, &format!("project {project}"));
    assert!(named.out.contains("改了名的项目"), "{}{}", named.out, named.err);
    assert_eq!(say(&office), issued, "under another plan");
}

#[test]
fn a_correction_names_a_project_that_is_not_scored_any_more() {
    let mut office = published();
    office.step(ASM, RoundStep::Reopen, "该项目不应考核").expect("published");
    let id = "YB14-XX-010";
    let stated = format!("id = \"{id}\"\n");
    let exempt = format!("{stated}state = \"exempt\"\nstate_reason = \"规划调整\"\n");
    replan(&office, |text| text.replace(&stated, &exempt));
    for step in [RoundStep::Seal, RoundStep::Publish] {
        office.step(ASM, step, "").expect("complete");
    }
    let json: Value =
        serde_json::from_str(&run(&office, &format!("export bulletin --round {ASM} --format json")).out).expect("JSON");
    let tables = json["parts"][0]["tables"].as_array().expect("tables");
    let scores = tables.iter().find(|t| t["id"] == "corrected_projects").expect("scores of projects");
    let rows = scores["rows"].as_array().expect("rows");
    let gone = rows.iter().find(|r| r["project"].as_str().is_some_and(|p| id.ends_with(p))).expect("its row");
    assert!(gone["old_score"].is_number() && gone["new_score"].is_null(), "{gone}");
}

#[test]
fn a_bulletin_of_an_open_round_is_for_those_who_may_see_it() {
    let strangers = District::of_strangers();
    for (line, code) in [
        ("export bulletin --round 2014-H1-ASM --format md", 3),
        ("export scores --round 2014-H1-ASM --format csv", 3),
        ("export scores --round 2014-Q2-OBS --format csv", 3),
        ("export scores --round 2014-Q1-OBS --format csv", 3),
        ("export ledger --format csv", 3),
        ("export bulletin --round 2014-Q1-ASM --format md", 0),
        ("export scores --round 2014-Q1-ASM --format csv", 0),
        ("export projects --format csv", 0),
        ("export ballot-sheet --format html", 0),
    ] {
        let ended = strangers.run(line);
        assert_eq!(ended.code, code, "{line}: {}", ended.err);
        assert!(code == 0 || ended.out.is_empty(), "{line}");
    }
    // A scorer sees his own projects and the figures of all units.
    let scorer = District::new();
    scorer.edit("district.toml", |text| text.replace("sample = true", "sample = false\nidentity = \"sudo\""));
    let text = fs::read_to_string(scorer.path("district.toml")).expect("the district");
    let uid = text.split("login = \"yizu\"").nth(1).and_then(|t| t.split("uid = ").nth(1)).expect("a uid");
    let uid: String = uid.chars().take_while(char::is_ascii_digit).collect();
    let mut command = scorer.command(&["export", "bulletin", "--round", "2014-H1-ASM", "--format", "md"]);
    let ended = Ended::from(command.env("SUDO_UID", uid).output().expect("the program"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("不在您的范围内"), "{}", ended.out);
    assert!(ended.out.contains("\n**学校**\n") && !ended.out.contains("\n**农村工程**\n"), "{}", ended.out);
    assert!(!ended.out.contains("| NC-005 |"));
}

#[test]
fn what_is_exported_is_imported_again_without_a_change() {
    let district = District::new();
    let folder = TempDir::new().expect("a folder");
    for (round, kind) in [("2014-H1-ASM", "scores"), ("2014-Q2-OBS", "ballots")] {
        let file = folder.path().join(format!("{kind}.csv"));
        let line = format!("export scores --round {round} --format csv --output {}", file.display());
        let ended = district.run(&line);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
        let text = fs::read_to_string(&file).expect("a file");
        assert!(text.lines().count() > 300, "{}", text.lines().count());
        let before = district.run("verify --json").json()["entries"].clone();
        let again = district.run(&format!("import {}", file.display()));
        assert_eq!(again.code, 0, "{}", again.err);
        assert_eq!(district.run("verify --json").json()["entries"], before, "{}", again.out);
    }
    let projects = district.run("export projects --format json").json();
    assert_eq!(projects, district.run("projects --json").json());
    let ledger = district.run("export ledger --format json").json();
    assert_eq!(ledger, district.run("history --json").json());
}

#[test]
fn a_note_that_looks_like_a_formula_goes_out_guarded_and_comes_back_as_it_was() {
    let district = District::new();
    let notes = ["=HYPERLINK(1)", "+1", "-x", "@b", "＝A1"];
    for (place, note) in notes.iter().enumerate() {
        let project = format!("YB14-XX-00{}", place + 2);
        let args = ["score", "set", "2014-H1-ASM", &project, "duty", "n/a", &format!("--reason={note}")];
        let ended = Ended::from(district.command(&args).output().expect("the program"));
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
    let csv = district.run("export scores --round 2014-H1-ASM --format csv").out;
    for note in notes {
        assert!(csv.contains(&format!(",'{note}\n")), "{note}");
    }
    let (file, before) = (district.path("scores.csv"), district.run("verify --json").json()["entries"].clone());
    fs::write(&file, csv).expect("a file");
    assert_eq!(district.run(&format!("import {}", file.display())).code, 0);
    assert_eq!(district.run("verify --json").json()["entries"], before);
}

#[test]
fn what_is_computed_anew_for_another_day_is_nobodys_publication() {
    let district = District::new();
    let of = |line: &str| district.run(line).out;
    let issued = of("export bulletin --round 2014-Q1-ASM --format md");
    assert!(!issued.contains("草稿"), "{issued}");
    let anew = of("--as-of 2014-07-12 export bulletin --round 2014-Q1-ASM --format md");
    assert!(anew.contains("【草稿】") && anew.contains("按2014-07-12的情况重算，不是公布的结果"), "{anew}");
}

#[test]
fn the_letterhead_of_the_plan_stands_on_the_bulletin_and_nothing_is_made_up() {
    let district = District::new();
    let plain = district.run("export bulletin --round 2014-H1-ASM --format md").out;
    assert!(!plain.contains("〔") && !plain.contains("抄送") && !plain.contains("印发"), "{plain}");
    district.edit("district.toml", |text| {
        let head = "[bulletin]\nmasthead = \"伊滨区文件\"\nissuer = \"督考办\"\nnumber = \"伊督考〔2014〕{n}号\"\n\
                    to = [\"各镇\", \"各指挥部\"]\ncopies = [\"区委办\"]\n\n";
        text.replacen("[[unit]]", &format!("{head}[[unit]]"), 1)
    });
    assert_eq!(district.run("plan --apply").code, 0);
    let text = district.run("export bulletin --round 2014-H1-ASM --format md --number 7").out;
    for said in ["伊滨区文件", "伊督考〔2014〕7号", "各镇，各指挥部：", "督考办", "抄送：区委办"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    // Also a round that was published before the office had a letterhead is sent under it.
    let issued = district.run("export bulletin --round 2014-Q1-ASM --format md --number 12").out;
    assert!(
        issued.contains("伊滨区文件") && issued.contains("伊督考〔2014〕12号") && !issued.contains("草稿"),
        "{issued}"
    );
    let blank = district.run("export bulletin --round 2014-H1-ASM --format md").out;
    assert!(blank.contains("伊督考〔2014〕　　号"), "room for the number");
    district.edit("district.toml", |text| text.replace("copies = [\"区委办\"]", "copies = \"区委办\"\nissue = 1"));
    let check = district.run("check");
    assert_eq!(check.code, 5);
    assert!(check.err.contains("issue") && check.err.contains("copies"), "{}", check.err);
}

#[test]
fn the_office_may_bring_its_own_template_and_its_faults_are_located() {
    let district = District::new();
    let own = |text: &str| {
        fs::create_dir_all(district.path("templates")).expect("a folder");
        fs::write(district.path("templates/bulletin.html"), text).expect("a template");
        district.run("export bulletin --round 2014-H1-ASM --format html")
    };
    let made = own("<h1>{{ title }}</h1>{% for p in parts %}<p>{{ p.heading }} {{ p.tables|length }}</p>{% endfor %}");
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        made.out.contains("<h1>【草稿】关于2014年上半年考核") && made.out.contains("<p>二、考评结果 2</p>"),
        "{}",
        made.out
    );
    // What must stand on a draft and on a sample stands there although the template leaves it out, and once.
    let warnings = ["草稿：未经封存和公布", "样例数据，不是真实考核结果"];
    let place = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    for warning in warnings {
        assert!(place(&made.out, warning) < place(&made.out, "<h1>"), "{}", made.out);
    }
    let whole = own("<html><BODY class=\"x\"><h1>{{ title }}</h1><p>{{ warnings|join(' ') }}</p></body></html>").out;
    assert!(warnings.iter().all(|warning| whole.matches(warning).count() == 1), "{whole}");
    let whole = own("<html><BODY class=\"x\"><h1>{{ title }}</h1></body></html>").out;
    assert!(whole.starts_with("<html><BODY class=\"x\"><p style="), "within the page: {whole}");
    fs::write(district.path("templates/bulletin.md"), "# {{ title|md }}\n").expect("a template");
    let plain = district.run("export bulletin --round 2014-H1-ASM --format md").out;
    assert!(plain.starts_with("> **草稿：未经封存和公布") && plain.contains("\n# 【草稿】关于"), "{plain}");
    let published = district.run("export bulletin --round 2014-Q1-ASM --format md").out;
    assert!(!published.contains("草稿") && published.contains("样例数据"), "{published}");
    for (template, line) in [("<p>\n{{ titel }}\n", 2), ("a\nb\n{% for x in parts %}", 3), ("{{ title|nofilter }}", 1)]
    {
        let ended = own(template);
        assert_eq!((ended.code, ended.out.as_str()), (5, ""), "{template}");
        assert!(ended.err.contains(&format!("templates/bulletin.html 第 {line} 行")), "{}", ended.err);
    }
    let endless = own(
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
    );
    assert_eq!(endless.code, 5, "{}", endless.err);
}

#[test]
fn formats_are_told_apart_by_option_or_file_name_and_a_file_is_written_whole() {
    let district = District::new();
    for (line, code) in [
        ("export bulletin", 2),
        ("export projects --format docx", 2),
        ("export bulletin --output b.pdf", 2),
        ("export bulletin --round 2014-X --format md", 2),
        ("export notice --format md", 2),
        ("export notice --subject RX --format md", 2),
        ("export bulletin --format md --output missing/b.md", 1),
        ("export bulletin --format md --output district", 2),
    ] {
        let ended = district.run(line);
        assert_eq!(ended.code, code, "{line}: {}{}", ended.out, ended.err);
    }
    let ended = district.run("export bulletin --output b.md");
    assert_eq!(ended.code, 0, "{}", ended.err);
    let written = fs::read_to_string(district.path("../b.md")).expect("the file");
    assert_eq!(written, district.run("export bulletin --format md").out);
}

/// What the program keeps is no place for what it writes out, by whatever name.
#[test]
fn a_database_and_the_plan_are_never_written_over() {
    let district = District::new();
    district.run("status");
    assert_eq!(district.run("backup good.db").code, 0);
    let live = district.path("../year.db").canonicalize().expect("the database");
    fs::hard_link(&live, district.path("other-name")).expect("a link");
    fs::write(district.path("other.sqlite"), [b"SQLite format 3\0".as_slice(), &[0; 84]].concat()).expect("a file");
    let kept = |name: &str| fs::read(district.path(name)).ok();
    let mut places: Vec<String> = ["-wal", "-shm", "-journal", "-bell", "-here", "-backup", ""]
        .iter()
        .map(|ending| format!("../year.db{ending}"))
        .collect();
    places.extend(["other-name", "../good.db", "other.sqlite"].map(str::to_owned));
    places.extend(["district", "projects", "scoring", "targets", "presets/strict"].map(|name| format!("{name}.toml")));
    for place in places {
        let before = kept(&place);
        let file = district.path(&place);
        let ended = district.run(&format!("export projects --format csv --output {}", file.display()));
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{place}: {}", ended.err);
        assert!(ended.err.contains("没有写") && ended.err.contains("另取一个文件名"), "{place}: {}", ended.err);
        assert_eq!(kept(&place), before, "{place}");
    }
    // By a relative name and from the folder of the database as well.
    assert_eq!(district.run("export projects --format xlsx --output year.db").code, 2);
    let link = district.path("elsewhere");
    std::os::unix::fs::symlink(live.parent().expect("a folder"), &link).expect("a link");
    assert_eq!(district.run("export projects --format xlsx --output district/elsewhere/year.db").code, 2);
    assert_eq!(district.run("verify").code, 0);
    assert_eq!(district.run("export projects --format csv --output district/mine.csv").code, 0);
}

#[test]
fn html_is_one_file_that_asks_for_nothing_and_shows_names_as_text() {
    let district = District::new();
    district.edit("projects.toml", |text| {
        text.replacen("name = \"【样例】东区初级中学\"", "name = \"<b>=1+1</b> & | _东区_\"", 1)
    });
    let html = district.run("export bulletin --round 2014-H1-ASM --format html").out;
    assert!(
        html.contains("&lt;b&gt;=1+1&lt;/b&gt; &amp; | _东区_")
            || html.contains("&lt;b&gt;=1+1&lt;&#x2f;b&gt; &amp; | _东区_")
    );
    for outside in ["http:", "https:", "//", "src=", "href=", "url(", "@import", "<script", "<link"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert_eq!(html.matches("<svg").count(), 2);
    assert!(html.contains("data-watermark=\"草稿\""));
    let markdown = district.run("export bulletin --round 2014-H1-ASM --format md").out;
    assert!(markdown.contains(r"| \<b\>=1+1\</b\> \& \| \_东区\_ |"), "{markdown}");
    let english = district.run("--lang en export bulletin --round 2014-H1-ASM --format html").out;
    assert!(english.contains("data-watermark=\"DRAFT\"") && english.contains("<html lang=\"en\">"));
}

#[test]
fn one_page_printouts_say_what_they_are_about() {
    let district = District::new();
    let sheet = district.run("export ballot-sheet --round 2014-Q2-OBS --subject J01 --format md").out;
    assert!(
        sheet.contains("# 2014年二季度观摩打分票") && sheet.contains("每个现场打 0 至 100 分，以 0.5 分为一档"),
        "{sheet}"
    );
    assert_eq!(markdown_tables(&sheet)[0].len(), 16);
    let recused = markdown_tables(&sheet)[0].iter().filter(|row| row[6] == "回避").count();
    let judges = fs::read_to_string(district.path("district.toml")).expect("the district");
    let home = judges.split("id = \"J01\"").nth(1).and_then(|t| t.split("[[").next()).expect("the judge");
    assert_eq!(recused > 0, home.contains("home_unit"), "{home}");
    assert_eq!(district.run("export ballot-sheet --round 2014-H1-ASM --format md").code, 2);

    let list = district.run("rectifications --json").json();
    let first = &list["rectifications"][0];
    let id = first["id"].as_str().expect("an id");
    let notice = district.run(&format!("export notice --subject {id} --format md")).out;
    assert!(notice.contains("# 整改通知书") && notice.contains(&format!("编号：{id}")), "{notice}");
    assert!(notice.contains(first["finding"].as_str().unwrap_or("问题")) && notice.contains("签收人"), "{notice}");
    assert_eq!(notice.contains("已逾期"), first["overdue_days"].is_u64(), "{notice}");

    let dossier = district.run("export dossier --subject XX-010 --format md").out;
    assert!(
        dossier.contains("项目档案") && dossier.contains("YB14-XX-010") && dossier.contains("滞后 45 天"),
        "{dossier}"
    );
    for format in ["docx", "html", "xlsx", "json", "csv"] {
        let output = district.command(&["export", "dossier", "--subject", "XX-010", "--format", format]).output();
        assert!(output.expect("the program").status.success(), "{format}");
    }
    let strangers = District::of_strangers();
    let seen = strangers.run("export dossier --subject SZ-027 --format md").out;
    assert!(!seen.contains("2014年上半年考核"), "{seen}");
    assert_eq!(strangers.run("export dossier --subject SZ-027 --round 2014-H1-ASM --format md").code, 3);
}

/// A program of the desk, where this machine has it; says so where it has not.
fn found(program: &str) -> bool {
    let there = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| Path::new(&dir).join(program).is_file()));
    if !there {
        use std::io::Write as _;
        drop(writeln!(std::io::stderr().lock(), "SKIPPED: {program} is not installed"));
    }
    there
}
