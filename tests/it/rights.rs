//! Who sees and does what, as the persons of a real office meet it.

use serde_json::Value;

use crate::records::Office;

/// The first quarter with its assessment public and its observation open again for a correction.
fn observation_reopened() -> Office {
    let office = Office::new();
    office.0.edit("records/rounds.csv", |text| text.replace("2014-Q1-OBS,final,2014-04-18,样例\n", ""));
    let reopened = office.run("zhukao", "round reopen 2014-Q1-OBS --reason 漏记一票");
    assert_eq!(reopened.code, 0, "{}", reopened.err);
    office
}

/// Values of a key in every row of a board.
fn column(board: &Value, key: &str) -> Vec<Value> {
    board["rows"].as_array().expect("rows").iter().map(|row| row[key].clone()).collect()
}

/// Every step of a derivation.
fn walk<'a>(step: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(step);
    for below in step["steps"].as_array().expect("steps") {
        walk(below, found);
    }
}

fn steps(document: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    walk(&document["derivation"], &mut found);
    found
}

/// Labels of every step of an explanation.
fn labels(document: &Value) -> Vec<&str> {
    steps(document).iter().filter_map(|s| s["label"].as_str()).collect()
}

#[test]
fn an_open_observation_does_not_show_through_the_published_assessment_beside_it() {
    let office = observation_reopened();
    let round = "--round 2014-Q1-ASM";
    for line in [
        "rank --round 2014-Q1-OBS",
        &format!("rank {round} --by observation"),
        &format!("rank {round} --by composite"),
        "explain unit:NC --round 2014-Q1-OBS",
        "explain panel:YB14-NC-003 --round 2014-Q1-ASM",
        "project YB14-NC-003 --round 2014-Q1-OBS",
    ] {
        let refused = office.run("zhenban", line);
        assert!([2, 3].contains(&refused.code) && refused.out.is_empty(), "{line}: {} {}", refused.code, refused.out);
    }
    office.refuses("zhenban", &format!("rank {round} --by composite"), 3, "无权");
    let seen = office.run("zhenban", &format!("rank {round} --json")).json();
    let all = office.run("jiandu", &format!("rank {round} --json --by assessment")).json();
    assert_eq!(seen["by"], "assessment");
    for hidden in ["observation", "composite"] {
        assert!(column(&seen, hidden).iter().all(Value::is_null), "{hidden}: {seen}");
        assert!(!column(&all, hidden).iter().all(Value::is_null), "{hidden}: {all}");
    }
    for public in ["rank", "unit", "assessment", "earned_points"] {
        assert_eq!(column(&seen, public), column(&all, public), "{public}");
    }
    assert_eq!(office.run("jiandu", &format!("rank {round} --json")).json()["by"], "composite");

    let seen = office.run("zhenban", &format!("explain unit:NC {round} --json")).json();
    let all = office.run("jiandu", &format!("explain unit:NC {round} --json")).json();
    for hidden in ["观摩", "观摩得分", "综合", "综合名次"] {
        assert!(labels(&all).contains(&hidden), "{hidden}: {all}");
        assert!(!labels(&seen).contains(&hidden), "{hidden}: {seen}");
    }
    assert!(labels(&seen).contains(&"考核名次"), "{seen}");

    // Nor by another rule set, which is a file of one's own: of a viewer on the machine itself.
    office.0.edit("district.toml", |text| text.replace("identity = \"sudo\"", "identity = \"local\""));
    assert_eq!(office.run("zhukao", "plan --apply").code, 0);
    let ruled = office.0.run(&format!("rank {round} --json --rules district/presets/strict.toml")).json();
    for hidden in ["observation", "composite"] {
        assert!(column(&ruled, hidden).iter().all(Value::is_null), "{hidden}: {ruled}");
    }
    assert!(column(&ruled, "rank").iter().any(Value::is_number), "{ruled}");
}

#[test]
fn a_scorer_sees_the_total_of_a_unit_outside_his_scope_and_not_its_projects() {
    let office = Office::new();
    office.refuses("jiazu", "explain project:YB14-NC-001 --round 2014-H1-ASM", 3, "无权");
    let of =
        |login: &str, unit: &str| office.run(login, &format!("explain unit:{unit} --round 2014-H1-ASM --json")).json();
    let leads = |document: &Value| {
        steps(document).iter().filter(|s| !s["more"].is_null()).map(|s| s["more"].to_string()).collect::<Vec<_>>()
    };
    let (mine, theirs, whole) = (of("jiazu", "GY"), of("jiazu", "NC"), of("jiandu", "NC"));
    assert!(leads(&mine).len() > 5, "{mine}");
    assert!(leads(&whole).len() > 5, "{whole}");
    assert_eq!(leads(&theirs), Vec::<String>::new());
    let result = |document: &Value, label: &str| {
        steps(document).iter().find(|s| s["label"] == label).unwrap_or_else(|| panic!("no {label}"))["result"].clone()
    };
    for total in ["考核", "观摩", "综合", "综合名次"] {
        assert_eq!(result(&theirs, total), result(&whole, total), "{total}");
    }
}

#[test]
fn single_ballots_are_not_read_by_way_of_history() {
    let office = Office::new();
    let rounds = |login: &str, subject: &str| {
        let entries = office.run(login, &format!("history {subject} --json")).json()["entries"].clone();
        let mut rounds: Vec<String> = entries
            .as_array()
            .expect("entries")
            .iter()
            .filter(|e| e["kind"] == "ballot")
            .map(|e| e["key"].as_str().expect("a key").split('/').next().expect("a round").to_owned())
            .collect();
        rounds.dedup();
        rounds
    };
    for subject in ["ballot", "2014-Q1-OBS", "YB14-GY-006", ""] {
        assert_eq!(rounds("jidong", subject), Vec::<String>::new(), "a scorer, {subject}");
    }
    assert_eq!(rounds("luru", "ballot"), ["2014-Q2-OBS"], "a clerk while the round is open");
    for login in ["zhukao", "jiandu"] {
        assert_eq!(rounds(login, "ballot"), ["2014-Q1-OBS", "2014-Q2-OBS"], "{login}");
    }
    let scores = office.run("jidong", "history score --json --limit 3").json();
    assert_eq!(scores["entries"].as_array().map(Vec::len), Some(3), "what a scorer enters stays his to read");
}

#[test]
fn a_draft_has_the_rights_of_the_open_round_that_it_will_be() {
    let office = Office::new();
    office.0.edit("records/rounds.csv", |text| text.replace("2014-H1-ASM,open,2014-07-02,\n", ""));
    office.0.edit("records/scores.csv", |text| {
        text.lines().filter(|line| !line.starts_with("2014-H1-ASM,")).map(|line| format!("{line}\n")).collect()
    });
    for line in
        ["rank --round 2014-H1-ASM", "explain unit:NC --round 2014-H1-ASM", "project YB14-NC-001 --round 2014-H1-ASM"]
    {
        office.refuses("zhenban", line, 3, "无权");
        assert_eq!(office.run("jiandu", line).code, 0, "{line}");
    }
    office.refuses("zhenban", "explain project:YB14-NC-001 --round 2014-H1-ASM", 3, "无权");
}

#[test]
fn the_right_is_looked_at_before_the_value() {
    let office = Office::new();
    for percent in [80, 180] {
        office.refuses("zhenban", &format!("set progress YB14-GY-001/2014-07-01 percent={percent}"), 3, "无权");
    }
    for points in ["4", "400", "many"] {
        office.refuses("zhenban", &format!("score set 2014-H1-ASM YB14-GY-001 duty {points}"), 3, "无权");
        office.refuses("zhenban", &format!("ballot set 2014-Q2-OBS J01 YB14-GY-007 {points}"), 3, "无权");
    }
    office.refuses("zhenban", "set incident NEW-1 project=nowhere", 3, "无权");
    office.refuses("luru", "set progress YB14-GY-001/2014-07-01 percent=180", 5, "180");
}

/// The table of who may do what, as commands: a line, and who is refused it by exit 3.
#[test]
fn f20_what_a_role_may_not_do_no_command_does() {
    let office = Office::new();
    let ballot = "2014-Q2-OBS J01 YB14-GY-007";
    let record = "set progress YB14-GY-001/2014-07-01 percent=80";
    let refused: [(&str, &[&str]); 16] = [
        ("score set 2014-H1-ASM YB14-GY-001 duty 4 --reason 核对", &["zhenban", "luru", "jiandu"]),
        ("score set 2014-H1-ASM YB14-GY-001 duty none --reason 核对", &["zhenban", "luru", "jiandu"]),
        (&format!("ballot set {ballot} 60"), &["zhenban", "jidong", "zhukao", "jiandu"]),
        (&format!("ballot set {ballot} absent"), &["zhenban", "jidong", "zhukao", "jiandu"]),
        (&format!("ballot set {ballot} void --reason 串票"), &["zhenban", "jidong", "luru", "jiandu"]),
        (&format!("ballot confirm {ballot} 61"), &["zhenban", "jidong", "jiandu"]),
        (record, &["zhenban", "jidong", "zhukao", "jiandu"]),
        ("round open 2014-H1-ASM", &["zhenban", "jidong", "luru", "jiandu"]),
        ("round seal 2014-H1-ASM", &["zhenban", "jidong", "luru", "jiandu"]),
        ("round publish 2014-H1-ASM", &["zhenban", "jidong", "luru", "jiandu"]),
        ("round reopen 2014-Q1-ASM --reason 更正", &["zhenban", "jidong", "luru", "jiandu"]),
        ("round finalise 2014-Q1-ASM", &["zhenban", "jidong", "luru", "jiandu"]),
        ("plan --apply", &["zhenban", "jidong", "luru", "jiandu"]),
        ("history", &["zhenban"]),
        ("rank --round 2014-H1-ASM", &["zhenban"]),
        ("explain unit:NC --round 2014-H1-ASM", &["zhenban"]),
    ];
    let before = office.newest()["seq"].clone();
    // A folder that says something new, so that applying it would save something.
    office.0.edit("district.toml", |text| text + "\n");
    for (line, logins) in refused {
        for login in logins {
            let ended = office.run(login, line);
            assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{login} {line}: {}", ended.err);
        }
    }
    let scores = "round,project,criterion,points,note\n2014-H1-ASM,YB14-GY-005,duty,4,\n";
    for login in ["zhenban", "luru", "jiandu"] {
        let ended = office.fed(login, "import - --kind scores", scores.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{login}: {}", ended.err);
    }
    assert_eq!(office.newest()["seq"], before, "nothing of it is saved");
}

/// Whoever comes by sudo runs the program as the account that owns everything: a file that he named would be the account's.
#[test]
fn by_sudo_no_file_is_named() {
    let office = Office::new();
    office.run("zhukao", "status");
    let database = office.0.path("../year.db").canonicalize().expect("the database");
    let before = std::fs::read(&database).expect("the database");
    let (live, secret) = (database.display(), office.0.path("records/scores.csv"));
    std::fs::write(office.0.path("bad.csv"), "goal,date,value,note\nnone,2014-06-30,1,\n").expect("a file");
    for line in [
        format!("export projects --format xlsx --output {live}"),
        format!("export projects --format csv --output {}", office.0.path("new.csv").display()),
        format!("import {} --kind scores", secret.display()),
        format!("import - --kind goals --marked {}", office.0.path("new.csv").display()),
        "import district/bad.csv --kind goals --marked district/new.csv".to_owned(),
        "rank --round 2014-Q1-ASM --rules district/presets/strict.toml".to_owned(),
        format!("backup {}", office.0.path("new.csv").display()),
        format!("restore {live} --yes yibin-2014 --force"),
        format!("init {}", office.0.path("new.csv").display()),
        format!("access add zhenban {}", office.0.path("new.csv").display()),
        "doctor --repair".to_owned(),
    ] {
        for login in ["zhenban", "zhukao"] {
            let ended = office.run(login, &line);
            let (code, out) = (ended.code, ended.out.as_str());
            // An `access` that is written otherwise is refused for that.
            assert!((code == 3 || (code == 2 && line.starts_with("access"))) && out.is_empty(), "{line}: {code} {out}");
        }
    }
    assert!(!office.0.path("new.csv").exists());
    assert_eq!(std::fs::read(&database).expect("the database"), before);
    let said = office.run("zhenban", &format!("export projects --format xlsx --output {live}")).err;
    assert!(said.contains("export … > 文件"), "{said}");
    assert!(office.run("zhenban", "export projects --format csv").out.starts_with('\u{feff}'), "to stdout it goes");
}

/// `import` of somebody without the right: refused for that, whatever is in the file and whatever stands in the ledger.
#[test]
fn the_right_to_import_comes_before_values_and_the_state_of_rounds() {
    let office = Office::new();
    let seal = "round,state,date,reason\n2014-H1-ASM,sealed,2014-07-12,\n";
    // What the chief hears of the state, nobody else hears.
    let told = office.fed("zhukao", "import - --kind rounds", seal.as_bytes());
    assert!(told.code == 5 && told.err.contains("未认定"), "{} {}", told.code, told.err);
    let bad_round = "round,state,date,reason\n2014-H9-ASM,sealed,2014-07-12,\n";
    let bad_score = "round,project,criterion,points,note\n2014-H1-ASM,YB14-NC-001,duty,400,\n";
    let late = "round,judge,project,score,state\n2014-Q1-OBS,J01,YB14-NC-003,50,entered\n";
    for (login, kind, rows) in [
        ("zhenban", "rounds", seal),
        ("luru", "rounds", seal),
        ("jiandu", "rounds", seal),
        ("zhenban", "rounds", bad_round),
        ("zhenban", "scores", bad_score),
        ("zhenban", "ballots", late),
        ("jidong", "ballots", late),
    ] {
        for dry in ["", " --dry-run"] {
            let ended = office.fed(login, &format!("import - --kind {kind}{dry}"), rows.as_bytes());
            assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{login} {kind}{dry}: {}", ended.err);
            assert!(ended.err.contains("不允许") && !ended.err.contains("未认定"), "{login} {kind}: {}", ended.err);
        }
    }
    // A row outside the scope hears that alone, whatever its value and the state of its round; rows within it are told
    // everything at once.
    let rows = "round,project,criterion,points,note\n2014-Q1-ASM,YB14-GY-001,duty,4,\n2014-H1-ASM,YB14-NC-001,duty,400,\n\
                2014-Q1-ASM,YB14-NC-001,duty,4,\n2014-H1-ASM,YB14-GY-001,duty,400,\n2014-H1-ASM,YB14-GY-003,duty,x,\n";
    let ended = office.fed("jiazu", "import - --kind scores", rows.as_bytes());
    assert_eq!(ended.code, 3, "{}", ended.err);
    let lines: Vec<&str> = ended.err.lines().filter(|line| line.starts_with("scores.csv")).collect();
    let parts = ["scores.csv:2 轮次", "不允许", "不允许", "超出范围", "scores.csv:6 分数"];
    assert_eq!(lines.len(), parts.len(), "{}", ended.err);
    assert!(lines.iter().zip(parts).all(|(line, part)| line.contains(part)), "{}", ended.err);
    assert!(lines[1].starts_with("scores.csv:3") && lines[2].starts_with("scores.csv:4"), "{}", ended.err);
    // Nor does a row that says what is stored tell that it is right.
    let kept = office.run("zhukao", "project YB14-NC-005 --round 2014-H1-ASM --json").json();
    let duty = kept["score"]["parts"].as_array().expect("parts").iter().find(|p| p["criterion"] == "duty");
    let points = duty.map(|p| p["points"].clone()).expect("a score");
    let row = format!("round,project,criterion,points,note\n2014-H1-ASM,YB14-NC-005,duty,{points},\n");
    assert_eq!(office.fed("zhukao", "import - --kind scores", row.as_bytes()).out.trim(), "没有变化");
    assert_eq!(office.fed("jiazu", "import - --kind scores", row.as_bytes()).code, 3);
}
