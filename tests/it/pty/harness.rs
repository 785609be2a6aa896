//! The harness itself, on small programs.

use super::Pty;
use std::time::Duration;

#[test]
fn what_is_typed_is_on_the_screen() {
    let mut pty = Pty::start("cat", &[], &[], (40, 6));
    pty.send("督考\r");
    pty.wait_text("督考\n督考");
    pty.send("\u{4}");
    assert!(pty.wait_exit().success());
    pty.assert_restored();
}

#[test]
fn a_program_sees_sizes_and_exit_codes_are_seen() {
    let script = "trap 'stty size; exit 7' WINCH; stty size; while :; do sleep 0.05; done";
    let mut pty = Pty::start("sh", &["-c", script], &[], (40, 6));
    pty.wait_text("6 40");
    pty.resize(50, 9);
    pty.wait_text("9 50");
    assert_eq!(pty.wait_exit().code(), Some(7));
}

#[test]
fn questions_to_the_terminal_are_answered() {
    let script = "stty raw -echo; printf '\\033[2;3H\\033[6n'; head -c 6 | tail -c 5";
    let mut pty = Pty::start("sh", &["-c", script], &[], (40, 6));
    pty.wait_text("[2;3R");
    pty.settle(Duration::from_millis(20));
    assert!(pty.is_raw());
}

#[test]
#[should_panic(expected = "still on the alternate screen")]
fn a_terminal_that_was_not_restored_is_found_out() {
    let mut pty = Pty::start("printf", &["\\033[?1049h"], &[], (40, 6));
    pty.wait_exit();
    pty.assert_restored();
}
