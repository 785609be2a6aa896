//! The dashboard and the window it runs in: closed, stopped, resized; where its cursor stands and how its pictures come.

use super::Pty;
use super::dashboard::Year;
use rustix::process::Signal;
use std::time::{Duration, Instant};

const QUIET: Duration = Duration::from_millis(200);

#[test]
fn without_its_window_it_ends_soon() {
    for closed in [true, false] {
        let year = Year::new();
        let mut pty = year.open();
        let begin = Instant::now();
        if closed {
            pty.hang_up();
        } else {
            pty.signal(Signal::HUP);
        }
        assert_eq!(pty.wait_exit().code(), Some(129), "closed: {closed}");
        // The promise of two seconds is measured by the torture, of the program as it is built for use.
        assert!(begin.elapsed() < Duration::from_secs(10), "closed: {closed}, after {:?}", begin.elapsed());
    }
}

#[test]
fn control_z_gives_the_shell_back_and_the_picture_returns() {
    let year = Year::new();
    let env = year.env();
    let env: Vec<_> = env.iter().filter(|(_, value)| !value.is_empty()).map(|(k, v)| (*k, v.as_str())).collect();
    let script =
        format!("set -m; '{}' --skin safe; echo stopped with $?; fg; echo ended with $?", env!("CARGO_BIN_EXE_dukao"));
    let mut pty = Pty::start("sh", &["-c", &script], &env, (80, 24));
    pty.wait_text("[1 总览]");
    pty.send("2jj");
    pty.wait_text("[2 项目]");
    pty.settle(QUIET);
    let before = pty.rows();
    pty.send("\u{1a}");
    pty.wait_until("the shell", |screen| screen.contents().contains("stopped with") || screen.alternate_screen());
    pty.wait_text("[2 项目]");
    pty.settle(QUIET);
    assert!(super::find(&pty.written, b"\x1b[?1049l").is_some(), "the terminal was given back meanwhile");
    assert!(pty.is_raw() && pty.screen().alternate_screen());
    assert_eq!(pty.rows(), before);
    pty.send("q");
    pty.wait_text("ended with 0");
    pty.wait_exit();
    pty.assert_restored();
}

#[test]
fn after_a_storm_of_sizes_the_picture_is_that_of_the_last_one() {
    let year = Year::new();
    let mut pty = year.open();
    pty.send("2");
    pty.wait_text("[2 项目]");
    for n in 0..100_u16 {
        pty.resize(40 + n * 37 % 110, 10 + n * 13 % 40);
        pty.settle(Duration::from_millis(2));
    }
    pty.resize(100, 30);
    pty.wait_until("the keys in the last row", |screen| {
        screen.rows(0, 100).nth(29).is_some_and(|row| row.trim_end().ends_with("q 退出"))
    });
    pty.settle(QUIET);
    let stormed = pty.rows();
    pty.send("\u{c}");
    pty.settle(QUIET);
    assert_eq!(pty.rows(), stormed, "a full paint changes nothing:\n{}", pty.contents());
}

/// Nothing reaches the terminal outside of a frame that is opened and closed, whatever is done.
#[test]
fn every_picture_comes_in_a_closed_frame() {
    let year = Year::new();
    let mut pty = year.open();
    for keys in
        ["2", "jjj", "\u{1b}[6~", "=", "\u{1b}", "m", "m", "5", "3", "8", "\r", "\u{1b}", "?", "\u{1b}", "\u{c}"]
    {
        pty.send(keys);
        pty.settle(Duration::from_millis(60));
    }
    pty.send("q");
    pty.wait_exit();
    let text = String::from_utf8_lossy(&pty.written).into_owned();
    let begin = text.find("\u{1b}[?2026h").expect("a frame");
    let end = text.rfind("\u{1b}[?2026l\u{1b}[?1006l").expect("the way out");
    let mut frames = 0;
    for frame in text[begin..end].split_inclusive("\u{1b}[?2026l") {
        assert!(frame.starts_with("\u{1b}[?2026h") && frame.ends_with("\u{1b}[?2026l"), "{frame:?}");
        assert_eq!(frame.matches("\u{1b}[?2026h").count(), 1, "{frame:?}");
        frames += 1;
    }
    assert!(frames > 10, "{frames} frames");
}

#[test]
fn the_cursor_stands_at_the_caret_of_every_field() {
    let year = Year::new();
    let mut pty = year.open();
    pty.send("2");
    pty.wait_text("[2 项目]");
    pty.settle(QUIET);
    assert!(pty.screen().hide_cursor(), "it only waits on the row");
    // Filter, palette, jump, cell: what opens it, what is typed.
    for (open, typed) in [("/", "学校"), (":", "导出"), ("f", "市政"), ("5", "38")] {
        pty.send(open);
        pty.settle(QUIET);
        for c in typed.chars() {
            pty.send(c.to_string());
            pty.settle(QUIET);
        }
        pty.wait_until(typed, |screen| {
            let (row, column) = screen.cursor_position();
            !screen.hide_cursor() && screen.contents_between(row, 0, row, column).ends_with(typed)
        });
        pty.send("\u{1b}");
        pty.settle(QUIET);
    }
}
