//! `backup`, `restore` and `doctor --repair`, as the operator meets them, and what becomes of lost rights.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::folder::{ASSESSMENT, Ended, Folder, Written, milestone, project};

/// A district with its year, in which one report was made.
fn year() -> Written {
    year_in(&std::env::temp_dir())
}

fn year_in(folder: &Path) -> Written {
    let town = format!("town = \"TA\"\n{}", milestone("主体", "2014-12-01"));
    let written = Folder::empty().district(ASSESSMENT).projects(&project("P", &town)).written_in(folder);
    report(&written, 10);
    written
}

/// As [`year`], where another account gets to as well: the folder for temporary files may be one's own alone.
fn in_the_open() -> Written {
    let written = year_in(Path::new("/tmp"));
    let folder = written.path("");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a mode");
    written
}

fn report(written: &Written, percent: u32) {
    let saved = written.run(&format!("set progress P/2014-06-30 percent={percent}"));
    assert_eq!(saved.code, 0, "{}", saved.err);
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}{}", ended.out, ended.err))
}

fn newest(written: &Written) -> Value {
    written.json("history --limit 1")["entries"][0].clone()
}

/// What the newest report says.
fn percent(written: &Written) -> Value {
    written.json("history progress --limit 1")["entries"][0]["after"]["percent"].clone()
}

#[test]
fn a_backup_says_where_its_ledger_ends_and_is_restored_by_the_id_of_the_district() {
    let written = year();
    let made = written.run("backup good.db");
    let head = written.json("verify")["head"].as_str().expect("a head").to_owned();
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(made.out.contains(&head) && made.out.contains("good.db") && made.out.contains("已核验"), "{}", made.out);
    let made = json(&written.run("backup good.db --json"));
    assert_eq!((made["seq"].as_u64(), &made["head"]), (newest(&written)["seq"].as_u64(), &Value::from(head)));
    report(&written, 20);
    report(&written, 30);

    let newer = written.run("restore good.db --yes small");
    assert_eq!((newer.code, newer.out.as_str()), (4, ""));
    assert!(newer.err.contains("比备份多 2 笔") && newer.err.contains("--force"), "{}", newer.err);
    for (unconfirmed, said) in
        [("restore good.db --force", "--yes small"), ("restore good.db --force --yes large", "small")]
    {
        let refused = written.run(unconfirmed);
        assert_eq!(refused.code, 2, "{unconfirmed}");
        assert!(refused.err.contains(said), "{}", refused.err);
    }
    assert_eq!(newest(&written)["after"]["percent"], 30);

    let done = written.run("restore good.db --force --yes small --reason 误导入");
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("before-restore-"), "{}", done.out);
    let entry = newest(&written);
    assert_eq!((&entry["kind"], &entry["reason"]), (&"restore".into(), &"误导入".into()));
    assert_eq!(entry["after"]["seq"], made["seq"]);
    assert_eq!(percent(&written), 10);
    assert_eq!(written.json("verify")["ok"], true);
    // What the backup printed is an anchor of the ledger that goes on from it.
    assert_eq!(written.run(&format!("verify --anchor {}", made["head"].as_str().expect("a head"))).code, 0);
}

#[test]
fn a_lost_database_is_never_made_anew_and_can_be_restored() {
    let written = year();
    written.json("status");
    assert_eq!(written.run("backup good.db").code, 0);
    fs::remove_file(written.database()).expect("lost");
    for line in ["status", "set progress P/2014-06-30 percent=40", "verify"] {
        let refused = written.run(line);
        assert_eq!((refused.code, refused.out.as_str()), (6, ""), "{line}");
        assert!(refused.err.contains("year.db") && refused.err.contains("恢复"), "{}", refused.err);
    }
    assert!(!written.database().exists());
    let found = written.run("doctor");
    assert_eq!(found.code, 6, "{}", found.out);
    assert!(found.out.contains("good.db"), "the doctor names the newest backup: {}", found.out);
    let done = written.run("restore good.db --yes small");
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(percent(&written), 10);
}

#[test]
fn the_doctor_repairs_modes_and_names_the_newest_backup() {
    let written = year();
    let checks = |line: &str| {
        let found = json(&written.run(line));
        let checks = found["checks"].as_array().expect("checks").clone();
        checks.into_iter().map(|c| (c["id"].clone(), c["ok"].clone(), c["message"].clone())).collect::<Vec<_>>()
    };
    let of = |line: &str, id: &str| checks(line).into_iter().filter(|(i, ..)| i == id).collect::<Vec<_>>();
    assert!(of("doctor --json", "backup")[0].2.as_str().expect("text").contains("还没有备份"));
    assert_eq!(written.run("backup good.db").code, 0);
    let backup = &of("doctor --json", "backup")[0];
    assert_eq!(backup.1, true);
    assert!(backup.2.as_str().expect("text").contains("good.db"), "{backup:?}");

    let bell = written.path("year.db-bell");
    for file in [&written.database(), &bell] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o664)).expect("a mode");
    }
    let refused = written.run("status");
    assert_eq!(refused.code, 6);
    assert!(refused.err.contains("664") && refused.err.contains("dukao doctor --repair"), "{}", refused.err);
    assert_eq!(of("doctor --json", "database")[0].1, false, "looking repairs nothing");
    assert_eq!(of("doctor --json --repair", "repair").len(), 2);
    for file in [&written.database(), &bell] {
        assert_eq!(fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(written.run("status").code, 0);
    assert!(of("doctor --json --repair", "repair").is_empty(), "once is enough");
}

#[test]
fn a_backup_older_than_a_week_is_said() {
    let written = year();
    assert_eq!(written.run("backup good.db").code, 0);
    let note = written.path("year.db-backup");
    let text = fs::read_to_string(&note).expect("a note");
    let year = text.split(' ').nth(2).and_then(|at| at.get(..4)).expect("a year").to_owned();
    fs::write(&note, text.replacen(&format!(" {year}-"), " 2013-", 1)).expect("written");
    let found = written.run("doctor");
    assert_eq!(found.code, 1, "{}", found.out);
    assert!(found.out.contains("dukao backup"), "{}", found.out);
}

/// The program as another Unix account; none where this account may not become another one.
fn as_nobody(written: &Written, line: &str) -> Option<Ended> {
    if !rustix::process::geteuid().is_root() {
        // Past the capture of the test runner, so that it is seen.
        let said = "SKIPPED LOUDLY: only root becomes another account: what one may do to the database was not tested";
        writeln!(std::io::stderr(), "{said}").expect("somebody to tell");
        return None;
    }
    // The binary of the tests may lie where nobody may look.
    let program = written.path("dukao");
    // By another process: whatever a test beside this one forks would hold a file that is being written here, and a file
    // that anybody writes is not run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_dukao")).arg(&program).status().expect("cp");
    assert!(copied.success());
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    let root: &Path = program.parent().expect("a folder");
    let output = Command::new(&program)
        .env_clear()
        .env("HOME", root)
        .env("DUKAO_DISTRICT", root.join("district"))
        .env("DUKAO_DATABASE", written.database())
        .current_dir("/")
        .stdin(Stdio::null())
        .args(line.split_whitespace())
        .uid(65_534)
        .output()
        .expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Some(Ended { code: output.status.code().expect("a code"), out: text(output.stdout), err: text(output.stderr) })
}

#[test]
fn another_account_cannot_open_the_database_at_all() {
    let written = in_the_open();
    assert_eq!(written.run("backup good.db").code, 0);
    let stolen = written.path("stolen");
    fs::create_dir(&stolen).expect("a folder");
    fs::set_permissions(&stolen, fs::Permissions::from_mode(0o777)).expect("a mode");
    let steal = format!("backup {}", stolen.join("stolen.db").display());
    for (line, code) in [
        ("status", 6),
        ("history", 6),
        ("set progress P/2014-06-30 percent=40", 6),
        ("verify", 6),
        (steal.as_str(), 3),
        ("restore good.db --yes small --force", 3),
        ("doctor --repair", 3),
    ] {
        let Some(ended) = as_nobody(&written, line) else { return };
        assert_eq!(ended.code, code, "{line}: {}{}", ended.out, ended.err);
        assert!(ended.err.starts_with("error: "), "{line}: {}", ended.err);
    }
    assert_eq!(fs::read_dir(&stolen).expect("a folder").count(), 0);
    // Nor where the folder shuts everybody out: no new database is made, and it says what to do.
    fs::create_dir(written.path("shut")).expect("a folder");
    fs::set_permissions(written.path("shut"), fs::Permissions::from_mode(0o700)).expect("a mode");
    let Some(ended) = as_nobody(&written, &format!("--database {} status", written.path("shut/x.db").display())) else {
        return;
    };
    assert_eq!(ended.code, 6, "{}", ended.err);
    assert!(ended.err.contains("权限"), "{}", ended.err);
    assert_eq!(fs::read_dir(written.path("shut")).expect("a folder").count(), 0);
}
