//! The dashboard on terminals of different kinds: what `TERM` says, what the probe finds, what colours are wanted.

use super::Pty;
use std::time::Duration;
use tempfile::TempDir;

const QUIET: Duration = Duration::from_millis(200);

struct Shown {
    pty: Pty,
    _home: TempDir,
}

/// The dashboard on a new sample year, when it has come to rest.
fn shown(term: &str, args: &[&str], wide: bool) -> Shown {
    let home = tempfile::tempdir().expect("a folder");
    let database = home.path().join("year.db").display().to_string();
    let path = home.path().display().to_string();
    let env = [("TERM", term), ("HOME", &path), ("DUKAO_DATABASE", &database), ("LANG", "zh_CN.UTF-8")];
    let mut pty = Pty::start(env!("CARGO_BIN_EXE_dukao"), args, &env, (80, 24));
    pty.wide = wide;
    pty.wait_text("1 总览");
    pty.wait_text("项目 144");
    pty.settle(QUIET);
    Shown { pty, _home: home }
}

fn has_colour(pty: &Pty) -> bool {
    String::from_utf8_lossy(&pty.written).split("\u{1b}[").any(|part| {
        let codes = part.split_once('m').map(|(codes, _)| codes).unwrap_or_default();
        codes.split(';').any(|code| matches!(code.parse(), Ok(30..=37 | 90..=97)))
    })
}

fn wrote(pty: &Pty, text: &str) -> bool {
    super::find(&pty.written, text.as_bytes()).is_some()
}

#[test]
fn each_kind_of_terminal_gets_what_it_can_show() {
    // TERM, title, colours, asked.
    for (term, title, colours, asked) in [
        ("xterm", true, true, true),
        ("linux", false, true, true),
        ("screen", true, true, false),
        ("vt100", false, false, true),
    ] {
        let mut shown = shown(term, &[], false);
        let pty = &mut shown.pty;
        assert_eq!(wrote(pty, "\u{1b}]2;dukao - overview\u{7}"), title, "{term}");
        assert_eq!(has_colour(pty), colours, "{term}");
        assert_eq!(wrote(pty, "\u{1b}[6n"), asked, "{term}");
        assert_eq!(pty.contents().contains('─'), asked, "{term}:\n{}", pty.contents());
        pty.send("q");
        pty.wait_exit();
        pty.assert_restored();
    }
}

#[test]
fn where_ambiguous_glyphs_are_wide_the_skin_is_plain_and_the_last_column_empty() {
    let mut shown = shown("xterm", &[], true);
    for view in ["1", "2", "3", "4", "6"] {
        shown.pty.send(view);
        shown.pty.wait_text(&format!("[{view} "));
        shown.pty.settle(QUIET);
        let contents = shown.pty.contents();
        let foreign = |c: char| ('\u{2190}'..='\u{25ff}').contains(&c);
        assert!(!contents.contains(foreign), "view {view}:\n{contents}");
        for row in 0..24 {
            let last = shown.pty.screen().cell(row, 79).expect("the last column");
            assert!(last.contents().trim().is_empty() && !last.inverse(), "view {view}, row {row}:\n{contents}");
        }
    }
}

#[test]
fn without_colours_attributes_stay() {
    let shown = shown("xterm", &["--color", "never"], false);
    assert!(!has_colour(&shown.pty));
    assert!(wrote(&shown.pty, ";7m") || wrote(&shown.pty, "[7m"), "the tabs are reversed");
}

#[test]
fn the_doctor_tells_what_was_measured() {
    for (wide, told) in [(false, ["● 1", "面：line"]), (true, ["● 2", "面：safe"])] {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().display().to_string();
        let env = [("HOME", path.as_str()), ("LANG", "zh_CN.UTF-8")];
        let mut pty = Pty::start(env!("CARGO_BIN_EXE_dukao"), &["doctor"], &env, (100, 60));
        pty.wide = wide;
        pty.wait_exit();
        for text in told.into_iter().chain(["TERM=xterm", "|中中中中中|"]) {
            assert!(pty.contents().contains(text), "{text}:\n{}", pty.contents());
        }
        pty.assert_restored();
    }
}

/// In tmux or screen the answer to a measurement is not the terminal's: the person looks at the ruler of `dukao doctor`,
/// decides once, and that stays.
#[test]
fn behind_a_multiplexer_the_person_decides_and_it_is_remembered() {
    let mut shown = shown("screen", &[], false);
    assert!(!shown.pty.contents().contains('●'), "{}", shown.pty.contents());
    shown.pty.send(":");
    shown.pty.settle(QUIET);
    shown.pty.send("skin line");
    shown.pty.settle(QUIET);
    shown.pty.send("\r");
    shown.pty.wait_text("●");
    shown.pty.send("q");
    shown.pty.wait_exit();
    let path = shown._home.path().display().to_string();
    let database = shown._home.path().join("year.db").display().to_string();
    let env = [("TERM", "screen"), ("HOME", &path), ("DUKAO_DATABASE", &database), ("LANG", "zh_CN.UTF-8")];
    let mut again = Pty::start(env!("CARGO_BIN_EXE_dukao"), &[], &env, (80, 24));
    again.wait_text("●");
    assert!(!wrote(&again, "\u{1b}[6n"), "nothing is asked");
}

#[test]
fn a_terminal_that_reads_gbk_is_told_in_both_languages() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().display().to_string();
    let env = [("HOME", path.as_str()), ("LANG", "zh_CN.GBK")];
    let mut pty = Pty::start(env!("CARGO_BIN_EXE_dukao"), &[], &env, (80, 24));
    pty.gbk = true;
    assert_eq!(pty.wait_exit().code(), Some(1));
    pty.assert_restored();
    let (chinese, ..) = encoding_rs::GBK.encode("请改为 UTF-8");
    assert!(super::find(&pty.written, &chinese).is_some(), "in its own encoding");
    assert!(wrote(&pty, "this terminal reads GBK"));
}

#[test]
fn a_dumb_terminal_is_told_what_to_do_instead() {
    let mut pty = Pty::start(env!("CARGO_BIN_EXE_dukao"), &[], &[("TERM", "dumb"), ("LANG", "zh_CN.UTF-8")], (80, 24));
    assert_eq!(pty.wait_exit().code(), Some(2));
    assert!(pty.contents().contains("dukao status"), "{}", pty.contents());
    assert!(!wrote(&pty, "\u{1b}[?1049h"));
}
