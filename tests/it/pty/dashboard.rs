//! The main job, from outside: open the dashboard, enter a score, see the board, quit, and find the score again.

use super::Pty;
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const QUIET: Duration = Duration::from_millis(200);

/// A year of its own in an empty folder.
pub(super) struct Year(TempDir);

impl Year {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Its plan in a folder of its own, to be changed.
    fn with_folder() -> Self {
        let year = Self::new();
        std::fs::create_dir(year.folder()).expect("a folder");
        for name in ["district.toml", "projects.toml", "scoring.toml", "targets.toml"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name);
            std::fs::copy(from, year.folder().join(name)).expect("a copy");
        }
        copy_records(&year.folder());
        year
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("district")
    }

    /// Adds a text at the end of the project list.
    fn add(&self, text: &str) {
        let path = self.folder().join("projects.toml");
        let old = std::fs::read_to_string(&path).expect("the projects");
        std::fs::write(&path, old + text).expect("the projects");
    }

    pub(super) fn env(&self) -> [(&'static str, String); 4] {
        let folder = Some(self.folder()).filter(|folder| folder.is_dir());
        let home = self.0.path().display().to_string();
        let database = self.0.path().join("dukao.db").display().to_string();
        [
            ("HOME", home),
            ("DUKAO_DATABASE", database),
            ("LANG", "zh_CN.UTF-8".into()),
            ("DUKAO_DISTRICT", folder.map(|folder| folder.display().to_string()).unwrap_or_default()),
        ]
    }

    /// The dashboard in a terminal of 80 by 24.
    pub(super) fn open(&self) -> Pty {
        self.open_at("督考 [1 总览]")
    }

    /// The dashboard, once it shows this.
    fn open_at(&self, text: &str) -> Pty {
        let env = self.env();
        let env: Vec<_> = env.iter().filter(|(_, value)| !value.is_empty()).map(|(k, v)| (*k, v.as_str())).collect();
        let mut pty = Pty::start(env!("CARGO_BIN_EXE_dukao"), &["--skin", "safe"], &env, (80, 24));
        pty.wait_text(text);
        pty
    }

    /// What a command prints.
    fn print(&self, args: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dukao"));
        command.args(args).env_remove("DUKAO_DISTRICT");
        command.envs(self.env().into_iter().filter(|(_, value)| !value.is_empty()));
        let output = command.output().expect("the command");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

fn copy_records(folder: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/records");
    let to = folder.join("records");
    std::fs::create_dir(&to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the records") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
    }
}

/// The row of the grid that begins so.
#[track_caller]
fn row(pty: &Pty, begins: &str) -> String {
    let contents = pty.contents();
    let line = contents.lines().find(|line| line.trim_start_matches(['>', ' ']).starts_with(begins));
    line.unwrap_or_else(|| panic!("no row {begins}:\n{contents}")).to_string()
}

#[test]
fn a_score_is_entered_seen_and_kept() {
    let year = Year::new();
    let mut pty = year.open();
    pty.wait_text("项目 144");
    assert!(pty.is_raw() && pty.screen().alternate_screen());
    // The rules find no milestones for the first project of the list: no value is suggested, none needs a reason.
    pty.send("3");
    pty.wait_text("[3 榜单]");
    pty.settle(QUIET);
    let board = pty.contents();
    pty.send("5");
    pty.wait_text("[5 评分]");
    assert!(!row(&pty, "1 ").contains("38"));
    pty.send("38");
    pty.wait_text("-- 编辑 --");
    assert!(!pty.screen().hide_cursor(), "the caret of an open cell is shown");
    pty.send("\r");
    pty.wait_text("-- 评分 --");
    pty.wait_until("38 in its cell", |screen| screen.contents().contains("38.00"));
    assert!(row(&pty, "1 ").contains("38.00"));
    pty.wait_text("已保存 #");
    // In the grid digits are scores: Esc leaves it.
    pty.send("\u{1b}");
    pty.settle(QUIET);
    pty.send("3");
    pty.wait_text("[3 榜单]");
    pty.settle(QUIET);
    assert_ne!(pty.contents(), board, "the board has moved");
    pty.send("q");
    assert!(pty.wait_exit().success());
    pty.assert_restored();

    let history = year.print(&["history"]);
    assert!(history.contains("GY-001") && history.contains("38"), "{history}");
    assert!(year.print(&["verify"]).len() > 1);

    let mut again = year.open();
    again.send("5");
    again.wait_text("[5 评分]");
    again.wait_until("38 in its cell", |screen| screen.contents().contains("38.00"));
    assert!(row(&again, "1 ").contains("38.00"));
}

#[test]
fn a_score_saved_elsewhere_appears_by_itself() {
    let year = Year::new();
    let (mut one, mut other) = (year.open(), year.open());
    for pty in [&mut one, &mut other] {
        pty.send("5");
        pty.wait_text("[5 评分]");
    }
    one.send("38\r");
    other.wait_until("the other's 38", |screen| screen.contents().contains("38.00"));
    assert!(row(&other, "1 ").contains("38.00"));
}

#[test]
fn what_was_entered_just_before_quitting_is_saved() {
    let year = Year::new();
    let mut pty = year.open();
    pty.send("5");
    pty.wait_text("[5 评分]");
    pty.send("38\r\u{3}\u{3}");
    assert!(pty.wait_exit().success());
    pty.assert_restored();
    let farewell = pty.contents();
    assert!(farewell.contains("已保存 1 处"), "{farewell}");
    let history = year.print(&["history"]);
    assert!(history.contains("GY-001") && history.contains("分=38"), "{history}");
}

#[test]
fn a_signal_or_a_closed_window_loses_no_save() {
    for hang_up in [false, true] {
        let year = Year::new();
        let mut pty = year.open();
        pty.send("5");
        pty.wait_text("[5 评分]");
        pty.send("38\r");
        pty.wait_text("GY-002 / ");
        if hang_up {
            pty.hang_up();
        } else {
            pty.signal(Signal::TERM);
        }
        let status = pty.wait_exit();
        assert_eq!(status.code(), Some(if hang_up { 129 } else { 143 }), "{status:?}");
        let history = year.print(&["history"]);
        assert!(history.contains("GY-001") && history.contains("分=38"), "{history}");
    }
}

#[test]
fn a_broken_or_changed_folder_is_said_on_the_screen() {
    let year = Year::with_folder();
    let mut pty = year.open();
    pty.send("q");
    assert!(pty.wait_exit().success());

    year.add("# a remark\n");
    let mut pty = year.open();
    pty.wait_text("计划有改动未应用");
    pty.send("q");
    assert!(pty.wait_exit().success());

    year.add("[[project]]\nid = 7\n");
    let mut pty = year.open();
    pty.wait_text("projects.toml 第 ");
    pty.wait_text("仍用上次的计划");
    pty.send("2");
    pty.wait_text("[2 项目]");
    pty.wait_text("144");
}

#[test]
fn a_restart_finds_what_somebody_chose() {
    let year = Year::new();
    let mut pty = year.open();
    // A filter, a sort, a row; the round before; money in 亿元; one person's entries; English.
    // Less than what would be taken for a paste at a time.
    for keys in ["2/lcz\r", "S", "jj", "3["] {
        pty.send(keys);
        pty.settle(QUIET);
    }
    pty.send("4w");
    pty.wait_text("金额单位：亿元");
    pty.send("7");
    pty.wait_text("建库导入");
    pty.send("@");
    pty.wait_text("人员 ");
    pty.send(":lang");
    pty.settle(QUIET);
    pty.send(" en\r");
    pty.wait_text("dukao");
    let mut seen = Vec::new();
    for view in ["7", "4", "3", "2"] {
        pty.send(view);
        pty.wait_text(&format!("[{view} "));
        pty.settle(QUIET);
        seen.push((view, pty.rows()));
    }
    let list = seen[3].1.join("\n");
    assert!(list.contains("[/ lcz]") && list.contains("Lag up"), "{list}");
    pty.send("q");
    assert!(pty.wait_exit().success());

    let mut again = year.open_at("dukao [1 Home]");
    for (view, before) in seen {
        again.send(view);
        let what = format!("view {view} as it was:\n{}", before.join("\n"));
        again.wait_until(&what, |screen| super::rows(screen) == before);
    }
}

#[test]
fn an_idle_dashboard_sleeps() {
    let year = Year::new();
    let mut pty = year.open();
    pty.settle(Duration::from_millis(500));
    let (sleeps, written) = (pty.sleeps(), pty.written.len());
    pty.settle(Duration::from_secs(3));
    assert_eq!((pty.sleeps(), pty.written.len()), (sleeps, written));
}

#[test]
fn a_figure_tells_who_entered_what_it_rests_on() {
    let year = Year::new();
    let mut pty = year.open();
    pty.send("2=");
    pty.wait_text("+- 推算 ");
    pty.send("j");
    pty.wait_text("录入  #");
    pty.wait_text("建库导入");
    pty.send("=");
    pty.wait_text("q 退出");
    pty.send("q");
    assert!(pty.wait_exit().success());
}
