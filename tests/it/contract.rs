//! The contract with scripts: what the commands print, as JSON and as text, and how they end.

mod explain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A copy of the sample district with its own database.
pub struct District {
    root: TempDir,
}

/// How a command ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

impl From<Output> for Ended {
    fn from(o: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { code: o.status.code().expect("an exit code"), out: text(o.stdout), err: text(o.stderr) }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the sample") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

impl District {
    pub fn new() -> Self {
        let root = TempDir::new().expect("a temporary folder");
        copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/config")), &root.path().join("district"));
        let district = Self { root };
        // Whoever runs the tests is none of the sample's persons.
        district.edit("district.toml", |text| text.replace("uid = ", "uid = 40"));
        district
    }

    /// The same district, in which nobody who runs the tests has a role.
    pub fn of_strangers() -> Self {
        let district = Self::new();
        district.edit("district.toml", |text| text.replace("sample = true", "sample = false"));
        district
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("district").join(name)
    }

    fn database(&self) -> PathBuf {
        self.root.path().join("year.db")
    }

    pub fn edit(&self, file: &str, with: impl FnOnce(String) -> String) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).expect("a file of the district");
        let edited = with(text.clone());
        assert_ne!(text, edited, "the edit of {file} changed nothing");
        fs::write(path, edited).expect("a file of the district");
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dukao"));
        command
            .env_clear()
            .env("HOME", self.root.path())
            .env("LANG", "zh_CN.UTF-8")
            .env("DUKAO_DISTRICT", self.path(""))
            .env("DUKAO_DATABASE", self.database())
            .current_dir(self.root.path())
            .stdin(Stdio::null())
            .args(args);
        command
    }

    pub fn run(&self, line: &str) -> Ended {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.command(&args).output().expect("the program").into()
    }
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().expect("a list").iter();
    items.map(|v| v[key].as_str().unwrap_or("null").to_owned()).collect()
}

#[test]
fn status_counts_the_sample_as_published() {
    let status = District::new().run("status --json --as-of 2014-06-30").json();
    assert_eq!(status["schema"], 1);
    assert_eq!(status["district"], "yibin-2014");
    assert_eq!(status["as_of"], "2014-06-30");
    assert_eq!(status["total"], 144);
    let counts = |kind: &str| {
        ["total", "completed", "on_track", "behind", "behind_red", "unknown", "excluded"]
            .map(|key| status[kind][key].as_u64().expect("a count"))
    };
    assert_eq!(counts("must"), [97, 12, 78, 7, 2, 0, 0]);
    assert_eq!(counts("stretch"), [47, 1, 43, 3, 1, 0, 0]);
    let behind: Vec<&str> = status["behind"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(
        behind,
        [
            "YB14-XX-010",
            "YB14-SZ-027",
            "YB14-NC-016",
            "YB14-GY-022",
            "YB14-SZ-028",
            "YB14-GY-021",
            "YB14-AZ-008",
            "YB14-NC-023",
            "YB14-XX-014",
            "YB14-GY-036"
        ]
    );
    for due in status["due_soon"].as_array().expect("a list") {
        assert!(due["due"].as_str().is_some_and(|d| ("2014-06-30".."2014-08-01").contains(&d)), "{due}");
    }
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let out = District::new().run("status --json").out;
    let places: Vec<usize> = ["schema", "district", "as_of", "total", "must", "stretch", "behind\":[", "due_soon"]
        .iter()
        .map(|key| out.find(&format!("\"{key}")).unwrap_or_else(|| panic!("{key} in {out}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_pipe_gets_tab_separated_tables() {
    let district = District::new();
    let projects = district.run("projects status:behind");
    let lines: Vec<&str> = projects.out.lines().collect();
    assert_eq!(lines.len(), 11, "{}", projects.out);
    assert!(lines.iter().all(|l| l.matches('\t').count() == 11), "{}", projects.out);
    assert!(lines[0].starts_with("编号\t项目"));
    assert!(!projects.out.contains('\u{1b}'));
    let english = district.run("--lang en projects 学校 lag>30");
    assert!(english.out.starts_with("Id\tProject"), "{}", english.out);
    assert!(english.out.contains("YB14-XX-010"), "{}", english.out);
    let brief = district.run("status --brief").out;
    assert!((1..=3).contains(&brief.lines().count()), "{brief}");
    assert!(brief.contains("10") && brief.contains("14"), "{brief}");
    assert!(brief.contains("2014年二季度观摩 打分票未录 0、未确认 86"), "{brief}");
}

#[test]
fn projects_and_their_dossier_have_the_keys_of_the_contract() {
    let district = District::new();
    let list = district.run("projects id:YB14-SZ-027 --json").json();
    let project = &list["projects"][0];
    assert_eq!(list["projects"].as_array().map(Vec::len), Some(1));
    assert_eq!(project["status"], "behind");
    assert_eq!(project["light"], "red");
    assert_eq!(project["lag_days"], 37);
    assert!(project["next_milestone"]["due"].is_string());
    let dossier = district.run("project YB14-SZ-027 --round 2014-H1-ASM --json").json();
    for key in project.as_object().expect("an object").keys() {
        assert_eq!(dossier[key], project[key], "{key}");
    }
    let score = &dossier["score"];
    assert_eq!(score["round"], "2014-H1-ASM");
    assert_eq!(texts(&score["parts"], "criterion"), ["node", "physical", "investment", "formalities", "duty"]);
    assert!(score["parts"][0]["seq"].is_u64());
    let wage = &score["deductions"][0];
    assert_eq!((wage["kind"].as_str(), wage["count"].as_u64()), (Some("wage_unresolved"), Some(2)));
}

#[test]
fn n4_the_sample_ranks_as_its_reference() {
    let district = District::new();
    let rank = |by: &str| {
        let board = district.run(&format!("rank headquarters --round 2014-H1-ASM --by {by} --json")).json();
        let rows = board["rows"].as_array().expect("rows").clone();
        let row = |r: &Value| {
            let unit = r["unit"].as_str().expect("a unit").to_owned();
            (unit, r["rank"].as_u64().expect("a rank"), r["score"].as_f64().expect("a score"), r["delta"].as_i64())
        };
        (board["state"].clone(), rows.iter().map(row).collect::<Vec<_>>())
    };
    let by = |unit: &str, rank, score, delta| (unit.to_owned(), rank, score, Some(delta));
    let (state, rows) = rank("assessment");
    assert_eq!(state, "open");
    assert_eq!(
        rows,
        [
            by("NC", 1, 96.27, 4),
            by("AZ", 2, 91.78, 1),
            by("XX", 2, 91.78, -1),
            by("SZ", 4, 90.56, 2),
            by("CQ", 5, 90.0, -1),
            by("GY", 6, 89.06, -4)
        ]
    );
    let composite: Vec<(String, f64)> = rank("composite").1.into_iter().map(|r| (r.0, r.2)).collect();
    let expected = [("NC", 94.67), ("XX", 91.10), ("AZ", 90.88), ("SZ", 89.61), ("CQ", 88.51), ("GY", 87.92)];
    assert_eq!(composite, expected.map(|(unit, score)| (unit.to_owned(), score)));
    let default = district.run("rank --json").json();
    assert_eq!((default["by"].as_str(), default["board"].as_str()), (Some("composite"), Some("headquarters")));
    let towns = district.run("rank towns --json").json();
    let last = towns["rows"].as_array().and_then(|rows| rows.last()).expect("a row").clone();
    assert!(last["unit"].is_null() && last["rank"].is_null(), "{last}");
}

#[test]
fn the_tables_say_what_the_screen_says() {
    let district = District::new();
    let cells = |line: &str| -> Vec<Vec<String>> {
        let out = district.run(line).out;
        out.lines().map(|l| l.split('\t').map(str::to_owned).collect()).collect()
    };
    let board = cells("rank");
    let gap = board[0].iter().position(|h| h == "差距").expect("a column");
    let gaps: Vec<&str> = board[1..4].iter().map(|row| row[gap].as_str()).collect();
    assert_eq!(gaps, ["--", "-3.57", "-0.22"]);
    let english: Vec<String> = cells("--lang en targets quotas").into_iter().map(|row| row[1].clone()).collect();
    assert!(english.contains(&"Koudian".to_owned()) && !english.contains(&"寇店镇".to_owned()), "{english:?}");
    let status = district.run("status").out;
    assert!(status.contains("2014年下半年") && !status.contains("2014年上半年开放招商"), "{status}");
    assert!(status.contains("2014-H1-ASM\t2014年上半年考核\t进行中\t83\t97\t14"), "{status}");
    assert!(status.contains("2014-Q2-OBS\t2014年二季度观摩\t进行中\t--\t--\t86"), "{status}");
}

#[test]
fn targets_add_up_and_leave_the_unknown_town_to_the_district() {
    let targets = District::new().run("targets --json").json();
    assert_eq!(targets["as_of"], "2014-07-12");
    let plan = &targets["quota_plans"][1];
    assert_eq!(plan["id"], "2014-H2");
    let sums = |key: &str| [0, 1].map(|i: usize| plan["tiers"][i][key].as_u64().expect("a sum"));
    assert_eq!(sums("headline"), [10, 5]);
    assert_eq!(sums("stated_sum"), [10, 5]);
    assert_eq!(sums("implied_sum"), [12, 5]);
    let rows = plan["rows"].as_array().expect("rows");
    let unknown = rows.iter().find(|r| r["label"] == "鹿村镇").expect("鹿村镇");
    assert_eq!(unknown["resolution"], "unresolved");
    assert!(unknown["unit"].is_null() && unknown["tiers"][0]["actual"].is_null());
    assert_eq!((&unknown["tiers"][0]["target"], &unknown["tiers"][0]["light"]), (&2.into(), &"grey".into()));
    let funds = &targets["quota_plans"][0]["funds"];
    assert_eq!(funds["outside_city_yuan"], 2_098_000_000_i64);
    assert_eq!(funds["outside_province_yuan"], 1_748_000_000_i64);
    let gdp = &targets["indicators"][0];
    assert_eq!((&gdp["id"], &gdp["growth"]), (&"gdp".into(), &9.8.into()));
    assert_eq!((&gdp["provisional"], &gdp["light"]), (&true.into(), &"green".into()));
    let only = District::new().run("targets goals --json").json();
    assert!(only["goals"].is_array() && only.get("quota_plans").is_none());
}

#[test]
fn rectifications_show_what_is_overdue_on_the_day() {
    let district = District::new();
    let overdue = |at: &str| {
        let list = district.run(&format!("rectifications --json --as-of {at}")).json();
        let lines = list["rectifications"].as_array().expect("a list").clone();
        lines.iter().filter(|r| r["overdue_days"].is_u64() && r["light"] == "red").count()
    };
    assert_eq!((overdue("2014-06-30"), overdue("2014-07-12")), (3, 4));
}

#[test]
fn a_score_is_saved_remembered_and_moves_the_board() {
    let district = District::new();
    let entry = |line: &str| district.run(line).json()["entries"].as_array().expect("entries").clone();
    let earned = || {
        let board = district.run("rank --round 2014-H1-ASM --by assessment --json").json();
        let rows = board["rows"].as_array().expect("rows").clone();
        rows.iter().find(|r| r["unit"] == "GY").expect("GY")["score"].as_f64().expect("a score")
    };
    let before = earned();
    let saved = district.run("score set 2014-H1-ASM YB14-GY-005 duty 5 --reason 复核");
    assert_eq!(saved.code, 0, "{}", saved.err);
    let seq: u64 = saved.out.trim().strip_prefix("saved #").expect("saved").parse().expect("a number");
    let newest = entry("history --json --limit 1").pop().expect("an entry");
    assert_eq!(newest["seq"], seq);
    assert_eq!(newest["kind"], "score");
    assert_eq!(newest["key"], "2014-H1-ASM/YB14-GY-005/duty");
    assert_eq!((&newest["before"]["points"], &newest["after"]["points"]), (&3.into(), &5.into()));
    assert_eq!(newest["reason"], "复核");
    assert!(newest["hash"].as_str().is_some_and(|h| h.len() == 64));
    assert!(earned() > before, "{} is not above {before}", earned());
    let dossier = district.run("project YB14-GY-005 --round 2014-H1-ASM --json").json();
    assert_eq!(
        (&dossier["score"]["parts"][4]["points"], &dossier["score"]["parts"][4]["seq"]),
        (&5.into(), &seq.into())
    );

    let cleared = district.run(&format!("score set 2014-H1-ASM YB14-GY-005 duty none --base {seq} --json")).json();
    assert_eq!(cleared["saved"][0], seq + 1);
    assert!(entry("history 2014-H1-ASM/YB14-GY-005/duty --json").last().expect("an entry")["after"].is_null());
    let verified = district.run("verify --json").json();
    assert_eq!((&verified["ok"], &verified["entries"]), (&true.into(), &(seq + 1).into()));
    let head = verified["head"].as_str().expect("a head");
    assert_eq!(district.run(&format!("verify --anchor {}", &head[..12])).code, 0);
    assert_eq!(district.run("verify --anchor 000000000000").code, 6);
}

#[test]
fn exit_codes_say_what_went_wrong() {
    let district = District::new();
    for line in ["nonsense", "rank --by luck", "project YB14-GY-999", "projects colour:red", "score set 2014-H1-ASM"] {
        assert_eq!(district.run(line).code, 2, "{line}");
    }
    assert_eq!(district.run("--as-of 2014-06-30 score set 2014-H1-ASM YB14-GY-005 duty 4").code, 2);
    assert_eq!(district.run("--version").code, 0);

    for line in [
        "score set 2014-Q1-ASM YB14-GY-005 duty 4",
        "score set 2014-H1-ASM YB14-GY-005 duty 4 --base 0",
        "round seal 2014-H1-ASM",
        "round finalise 2014-H1-ASM",
    ] {
        let ended = district.run(line);
        assert_eq!(ended.code, 4, "{line}: {}", ended.err);
        assert!(ended.err.starts_with("error: ") && ended.out.is_empty(), "{line}: {}", ended.err);
    }
    for line in [
        "score set 2014-H1-ASM YB14-GY-005 duty 6",
        "score set 2014-H1-ASM YB14-GY-005 duty 4.2",
        "score set 2014-H1-ASM YB14-GY-005 duty n/a",
    ] {
        assert_eq!(district.run(line).code, 5, "{line}");
    }

    let strangers = District::of_strangers();
    for line in ["score set 2014-H1-ASM YB14-GY-005 duty 4", "history", "rank --round 2014-H1-ASM"] {
        assert_eq!(strangers.run(line).code, 3, "{line}");
    }
    assert_eq!(strangers.run("status").code, 0);
    let shown = strangers.run("rank --json").json();
    assert_eq!((&shown["round"], &shown["state"]), (&"2014-Q1-ASM".into(), &"final".into()));
}

#[test]
fn a_scorer_scores_what_is_his_and_a_chief_says_why() {
    let me = rustix::process::getuid().as_raw();
    let district = District::of_strangers();
    district.edit("district.toml", |text| text.replace("uid = 401002", &format!("uid = {me}")));
    let seen = |id: &str| district.run(&format!("project {id} --round 2014-H1-ASM --json")).json()["score"].clone();
    assert!(seen("YB14-GY-005").is_object() && seen("YB14-NC-016").is_null());
    assert_eq!(district.run("score set 2014-H1-ASM YB14-GY-005 duty 4").code, 0);
    assert_eq!(district.run("score set 2014-H1-ASM YB14-NC-016 duty 4").code, 3);
    assert_eq!(district.run("history --json --limit 1").json()["entries"][0]["actor"], "jiazu");

    let chief = District::of_strangers();
    chief.edit("district.toml", |text| text.replace("uid = 401001", &format!("uid = {me}")));
    assert_eq!(chief.run("score set 2014-H1-ASM YB14-GY-005 duty 4").code, 5);
    assert_eq!(chief.run("score set 2014-H1-ASM YB14-GY-005 duty 4 --reason 复核").code, 0);
}

#[test]
fn a_damaged_database_ends_with_six() {
    use std::os::unix::fs::PermissionsExt;
    let district = District::new();
    fs::write(district.database(), "not a database").expect("a file");
    fs::set_permissions(district.database(), fs::Permissions::from_mode(0o600)).expect("a mode");
    let ended = district.run("status --json");
    assert_eq!(ended.code, 6, "{}{}", ended.out, ended.err);
    let error: Value = serde_json::from_str(ended.err.trim()).expect("one object");
    assert_eq!(error["error"]["code"], 6);
    assert!(error["error"]["message"].as_str().is_some_and(|m| !m.is_empty()));
}

#[test]
fn the_nearest_id_is_suggested() {
    let ended = District::new().run("project YB14-GY-0O1");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("YB14-GY-001"), "{}", ended.err);
}

#[test]
fn a_broken_folder_names_every_error_and_leaves_the_plan_in_force() {
    let district = District::new();
    assert_eq!(district.run("status").code, 0);
    district.edit("projects.toml", |text| {
        text.replacen("headquarters = \"GY\"", "headquarters = \"GX\"", 1)
            .replacen("due = 2014-12-31", "due = \"2014-13-31\"", 1)
            .replacen("commitment = \"stretch\"", "comitment = \"stretch\"", 1)
    });
    let check = district.run("check");
    assert_eq!(check.code, 5);
    assert!(check.out.is_empty());
    let located = check.err.matches("projects.toml:").count();
    assert_eq!(located, 3, "{}", check.err);
    assert_eq!(check.err.matches("error: ").count(), 4, "three errors and their sum: {}", check.err);
    assert!(!check.err.contains("dukao check"), "{}", check.err);
    assert!(check.err.contains("GX") && check.err.contains("GY") && check.err.contains("^^"), "{}", check.err);
    let json = district.run("check --json");
    assert_eq!(json.code, 5);
    let found: Value = serde_json::from_str(&json.out).expect("JSON");
    let errors = found["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 3, "{found}");
    assert!(errors.iter().all(|e| e["file"] == "projects.toml" && e["line"].as_u64() > Some(0)), "{found}");

    let status = district.run("status --json");
    assert_eq!(status.json()["total"], 144);
    assert!(status.err.contains("projects.toml"), "{}", status.err);
    assert_eq!(district.run("plan --apply").code, 5);
    let object = district.run("plan --apply --json").err;
    let object = object.lines().last().expect("an object");
    let error: Value = serde_json::from_str(object).expect("one object");
    assert_eq!((&error["error"]["code"], &error["error"]["kind"]), (&5.into(), &"invalid".into()));
    assert_eq!(district.run("status --json").json()["total"], 144);
}

#[test]
fn a_changed_plan_is_shown_and_then_applied() {
    let district = District::new();
    assert_eq!(district.run("plan --json").json()["applied"], true);
    district.edit("projects.toml", |text| text.replacen("name = \"麦达斯铝业项目\"", "name = \"麦达斯铝业二期\"", 1));
    let shown = district.run("plan");
    assert!(shown.out.contains("麦达斯铝业二期") && shown.out.contains("YB14-GY-002"), "{}", shown.out);
    assert!(!district.run("projects id:YB14-GY-002").out.contains("二期"));
    let applied = district.run("plan --apply --reason 更名");
    assert!(applied.out.starts_with("saved #"), "{}{}", applied.out, applied.err);
    assert!(district.run("projects id:YB14-GY-002").out.contains("二期"));
    assert_eq!(district.run("plan --json").json()["applied"], true);
}

#[test]
fn an_import_is_whole_or_nothing_and_twice_is_once() {
    let district = District::new();
    let file = district.root.path().join("milestones.csv");
    let seq = || district.run("verify --json").json()["entries"].as_u64().expect("a number");
    fs::write(&file, "project,milestone,done\nYB14-GY-001,年度目标(假定节点),2014-07-01\n").expect("a file");
    let begun = seq();
    let line = format!("import {}", file.display());
    let dry = district.run(&format!("{line} --dry-run"));
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.out.contains("YB14-GY-001/"), "{}", dry.out);
    assert_eq!(seq(), begun);
    assert_eq!(district.run(&line).out.trim(), format!("saved #{}", begun + 1));
    assert_eq!(district.run(&line).code, 0);
    assert_eq!(seq(), begun + 1);
    let rows = "project,milestone,done\nYB14-GY-002,年度目标(假定节点),2014-07-01\nYB14-GY-999,x,2014-07-01\nYB14-GY-003,年度目标(假定节点),soon\n";
    fs::write(&file, rows).expect("a file");
    let refused = district.run(&line);
    assert_eq!(refused.code, 5);
    assert!(refused.err.contains("YB14-GY-999") && refused.err.contains("soon"), "{}", refused.err);
    assert_eq!(seq(), begun + 1);
}

#[test]
fn check_warns_of_what_the_sample_leaves_open() {
    let check = District::new().run("check --json");
    let found = check.json();
    assert_eq!(found["errors"], Value::Array(Vec::new()));
    let codes = texts(&found["warnings"], "code");
    assert!(codes.contains(&"quota-unresolved".to_owned()), "{codes:?}");
    let unresolved = found["warnings"].as_array().expect("a list").iter().find(|w| w["code"] == "quota-unresolved");
    assert!(unresolved.is_some_and(|w| w["file"] == "targets.toml" && w["line"].is_u64()), "{found}");
}

#[test]
fn init_writes_a_district_of_its_own() {
    let district = District::new();
    let dir = district.root.path().join("my district");
    let run = |args: &[&str]| -> Ended {
        let mut command = district.command(args);
        command.env_remove("DUKAO_DISTRICT").env_remove("DUKAO_DATABASE").output().expect("the program").into()
    };
    let shown = dir.to_str().expect("UTF-8");
    assert_eq!(run(&["--as-of", "2014-06-30", "init", shown]).code, 2);
    assert!(!dir.exists());
    let made = run(&["init", shown]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("scoring.toml") && made.out.contains("records/rounds.csv"), "{}", made.out);
    assert!(made.out.lines().last().is_some_and(|l| l.contains("dukao --district")), "{}", made.out);
    assert_eq!(run(&["init", shown]).code, 1);
    let text = fs::read_to_string(dir.join("district.toml")).expect("a file");
    assert!(text.contains("\nid = \"my-district\"\ndatabase = \"dukao.db\"\n"), "{text}");
    assert!(text.starts_with("# ") && !text.contains("README") && !dir.join("README.md").exists(), "{text}");
    let status = run(&["--district", shown, "status", "--json"]).json();
    assert_eq!((&status["district"], &status["total"]), (&"my-district".into(), &144.into()));
    assert!(dir.join("dukao.db").is_file());
    assert!(!district.root.path().join(".local").exists(), "the sample's database is not touched");
    assert_eq!(run(&["--district", shown, "plan", "--json"]).json()["applied"], true);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let district = District::new();
    for command in ["status", "check"] {
        let ended = district.run(&format!("--district nope {command}"));
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains("没有文件夹 nope"), "{}", ended.err);
    }
}

#[test]
fn nothing_found_says_so_and_is_no_failure() {
    let district = District::new();
    for (line, said) in [
        ("history NOPE", "没有「NOPE」的条目"),
        ("history YB14-GY-0O1", "YB14-GY-001"),
        ("projects zzzz9", "没有符合的项目"),
        ("rectifications zzz", "没有符合的整改"),
    ] {
        let ended = district.run(line);
        assert_eq!((ended.code, ended.out.lines().count()), (0, 1), "{line}: {}", ended.out);
        assert!(ended.err.contains(said), "{line}: {}", ended.err);
    }
}

#[test]
fn the_ledger_reads_well_and_is_never_cut_silently() {
    let district = District::new();
    let all = district.run("verify --json").json()["entries"].as_u64().expect("a number");
    let entries = district.run("history --json").json()["entries"].as_array().expect("entries").len() as u64;
    assert_eq!(entries, all);
    let text = district.run("history");
    assert_eq!(text.out.lines().count(), 201);
    assert!(text.err.contains("--limit"), "{}", text.err);
    let last = text.out.lines().last().expect("a line");
    assert!(last.contains("状态=已终结"), "{last}");
    let longest = text.out.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    assert!(longest <= Some(12), "no whole hash: {longest:?}");
    let rounds = district.run("history round --json").json()["entries"].as_array().expect("entries").clone();
    let opened = rounds.iter().find(|e| e["after"]["state"] == "open").expect("an opened round");
    let file = opened["reason"].as_str().expect("a reason");
    assert!(file.starts_with("import rounds.csv sha256:"), "a row without a reason has its file: {file}");
    let closed = rounds.iter().find(|e| e["after"]["state"] == "final").expect("a closed round");
    assert_eq!(closed["reason"], "样例", "a row's own reason stays");
}

#[test]
fn a_refused_score_names_what_was_meant() {
    let district = District::new();
    let refused = |line: &str| district.run(&format!("score set 2014-H1-ASM YB14-GY-005 {line}")).err;
    assert_eq!(refused("duty 4.55"), "error: YB14-GY-005 服务与资料 4.55 不合步长 0.5\n");
    assert!(refused("duty 6").starts_with("error: YB14-GY-005 服务与资料 6 "));
    assert!(refused("duty many").starts_with("error: YB14-GY-005 服务与资料 many "));
    let english = district.run("--lang en score set 2014-H1-ASM YB14-GY-005 duty 4.55").err;
    assert_eq!(english, "error: YB14-GY-005 duty 4.55: not a multiple of 0.5\n");
}

#[test]
fn a_terminal_that_cannot_draw_is_named() {
    let district = District::new();
    let ended: Ended = district.command(&[]).env("TERM", "dumb").output().expect("the program").into();
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("TERM=dumb"), "{}", ended.err);
}

#[test]
fn the_schema_stands_first() {
    let district = District::new();
    for line in [
        "status",
        "projects",
        "project YB14-GY-005",
        "explain project:YB14-GY-005",
        "rank",
        "targets",
        "rectifications",
        "round list",
        "history",
        "verify",
        "check",
        "plan",
        "score set 2014-H1-ASM YB14-GY-005 duty 4",
    ] {
        let ended = district.run(&format!("{line} --json"));
        let start = if line.starts_with("project ") { "{\"" } else { "{\"schema\":1," };
        assert!(ended.out.starts_with(start), "{line}: {}", &ended.out[..60.min(ended.out.len())]);
    }
}

#[test]
fn the_sample_opens_without_any_folder() {
    let district = District::new();
    let mut command = district.command(&["round", "list", "--json"]);
    let ended: Ended = command.env_remove("DUKAO_DISTRICT").env_remove("DUKAO_DATABASE").output().expect("run").into();
    let rounds = ended.json();
    let h1 = rounds["rounds"].as_array().expect("rounds").iter().find(|r| r["id"] == "2014-H1-ASM").cloned();
    let h1 = h1.expect("2014-H1-ASM");
    assert_eq!((&h1["state"], &h1["in_scope"], &h1["certified"]), (&"open".into(), &97.into(), &83.into()));
    assert_eq!((&h1["pair"], &h1["hash"]), (&"2014-Q2-OBS".into(), &Value::Null));
    let database = district.root.path().join(".local/share/dukao/yibin-2014.db");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(database).expect("the database").permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let district = District::new();
    district.run("status");
    let mut child = district
        .command(&["history", "--limit", "100000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("an end");
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

#[test]
fn the_dashboard_needs_a_terminal() {
    let ended = District::new().run("");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("dukao status"), "{}", ended.err);
}

#[test]
fn check_judges_a_folder_before_there_is_a_database_by_its_first_records() {
    let district = District::new();
    let found = district.run("check --json").json();
    let codes = texts(&found["warnings"], "code");
    assert!(codes.iter().any(|c| c == "ballot-unconfirmed") && codes.iter().any(|c| c == "judge-outlier"), "{codes:?}");
    assert!(!codes.iter().any(|c| c == "tally-mismatch"), "the published tallies hold: {codes:?}");
    assert_eq!(codes.iter().filter(|c| *c == "overdue-unreported").count(), 1, "{codes:?}");
    assert!(!district.database().exists(), "check makes no database of the district");
}

#[test]
fn a_filter_that_cannot_be_read_says_what_may_stand_there() {
    let district = District::new();
    let said = |filter: &str| {
        let ended = district.run(&format!("projects {filter}"));
        assert_eq!(ended.code, 2, "{}", ended.out);
        ended.err
    };
    let values = said("status:xyz");
    assert!(values.contains("读不懂：status:xyz") && values.contains("status 可为：completed on_track"), "{values}");
    let keys = said("颜色:红");
    assert!(keys.contains("读不懂：颜色:红") && keys.contains("可用：状态: 类别:"), "{keys}");
    assert!(said(&"a ".repeat(60)).contains("筛选条件过长：最多 500 字、50 项"));
}

#[test]
fn an_override_without_a_reason_is_saved_and_says_what_is_missing() {
    let district = District::new();
    let set = |more: &str| {
        let words = format!("score set 2014-H1-ASM YB14-GY-007 node 30 {more}");
        let ended = district.run(words.trim_end());
        assert_eq!(ended.code, 0, "{}", ended.err);
        (ended.out.starts_with("saved #"), ended.err)
    };
    let (saved, said) = set("");
    assert!(saved && said.contains("与推算 40 不同，没有写理由"), "{said}");
    assert_eq!(set("--reason 现场核实"), (true, String::new()));
}

#[test]
fn a_project_is_named_as_the_screens_shorten_it_wherever_one_is_named() {
    let district = District::new();
    for line in [
        "score set 2014-H1-ASM GY-007 node 30 --reason 核实",
        "ballot set 2014-Q2-OBS J01 GY-007 88 --reason 核对",
        "set progress XX-010/2014-07-12 percent=40",
    ] {
        let ended = district.run(line);
        assert!(ended.out.starts_with("saved #"), "{line}: {}{}", ended.out, ended.err);
    }
    let entries = district.run("history XX-010 --json").json();
    let keys: Vec<&str> =
        entries["entries"].as_array().expect("entries").iter().filter_map(|e| e["key"].as_str()).collect();
    assert!(keys.contains(&"YB14-XX-010/2014-07-12"), "{keys:?}");
}
