//! `dukao doctor`: what it looks at, what it says of each ailment, and how it ends.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::folder::{ASSESSMENT, Ended, Folder, Written, milestone, project};

fn district() -> Folder {
    let town = format!("town = \"TA\"\n{}", milestone("主体", "2014-12-01"));
    Folder::empty().district(ASSESSMENT).projects(&project("P", &town))
}

/// Its exit code, the ids that are well and those that are not, and the codes of its warnings.
fn examined(written: &Written) -> (i32, Vec<String>, Vec<String>, Vec<String>) {
    let Ended { code, out, err } = written.run("doctor --json");
    let found: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!(found["schema"], 1);
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let checks = found["checks"].as_array().expect("checks");
    let of = |ok: bool| checks.iter().filter(|c| c["ok"] == ok).map(|c| text(&c["id"])).collect();
    let warnings = found["warnings"].as_array().expect("warnings").iter().map(|w| text(&w["code"])).collect();
    (code, of(true), of(false), warnings)
}

const ALL: [&str; 10] =
    ["version", "sqlite", "folder", "database", "integrity", "log", "bell", "ledger", "backup", "plan"];

#[test]
fn a_healthy_district_is_well_and_nothing_is_made() {
    let written = district().written();
    let none: Vec<String> = Vec::new();
    let before = (0, ["version", "sqlite", "folder", "database", "plan"].map(String::from).to_vec());
    let (code, well, bad, warnings) = examined(&written);
    assert_eq!(((code, well), bad, warnings), (before, none.clone(), none.clone()));
    assert!(!written.database().exists(), "the doctor makes no database");
    written.json("status");
    assert_eq!(examined(&written), (0, ALL.map(String::from).to_vec(), none.clone(), none));
    let text = written.run("--lang en doctor").out;
    assert!(text.contains("mode 600") && text.contains("SQLite 3.") && text.contains("the folder is the applied plan"));
    for other in ["terminal", "sshd"] {
        assert!(!text.contains(other), "{text}");
    }
}

#[test]
fn a_plan_that_is_not_applied_or_not_sound_is_said() {
    let written = district().written();
    written.json("status");
    let aside = Folder { district: district().district.replace("\"区\"", "\"新区\""), ..district() };
    written.write(&aside);
    let (code, _, bad, _) = examined(&written);
    assert_eq!((code, bad), (1, vec!["plan".to_owned()]));
    written.write(&district().district("[[unit]]\n"));
    let (code, _, bad, _) = examined(&written);
    assert_eq!((code, bad), (5, vec!["plan".to_owned()]));
    written.write(&Folder { district: district().district.replace("\"small\"", "\"other\""), ..district() });
    let (code, _, bad, _) = examined(&written);
    assert_eq!((code, bad), (6, vec!["plan".to_owned()]), "the database is another district's");
}

#[test]
fn a_damaged_database_ends_with_six() {
    let written = district().written();
    written.json("status");
    let good = fs::read(written.database()).expect("the database");
    let mut torn = good.clone();
    torn[8192..12288].fill(0x5a);
    for (what, bytes) in [("a page", torn), ("all", b"no database at all".to_vec())] {
        fs::write(written.database(), bytes).expect("a database");
        let (code, well, bad, _) = examined(&written);
        assert_eq!(code, 6, "{what}");
        assert!(bad.contains(&"integrity".to_owned()) && well.contains(&"sqlite".to_owned()), "{what}: {bad:?}");
    }
    fs::write(written.database(), &good).expect("the database");
    fs::set_permissions(written.database(), fs::Permissions::from_mode(0o644)).expect("a mode");
    let (code, _, bad, _) = examined(&written);
    assert_eq!((code, bad), (6, vec!["database".to_owned()]));
}

#[test]
fn what_is_odd_is_told_by_the_doctor_too() {
    let odd = district().projects(&project("Q", &milestone("主体", "2014-12-01")));
    let written = odd.written();
    assert_eq!(examined(&written).3, ["town-not-stated"]);
    written.json("status");
    assert_eq!(examined(&written).3, ["town-not-stated"]);
}
