//! The terminal layer in a real terminal: a small program around the loop. It is the first test below, which
//! becomes the program where the environment says so.

use super::Pty;
use crossterm::event::{KeyCode, KeyModifiers};
use dukao::tui::fit;
use dukao::tui::glyphs::Skin;
use dukao::tui::input;
use dukao::tui::run::{self, Control, Event, Inbox, Program, Settings};
use dukao::tui::theme::Theme;
use dukao::tui::widget::popup;
use ratatui::Frame;
use ratatui::style::Style;
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

const QUIET: Duration = Duration::from_millis(200);

/// Shows the last key, and how it was asked to look.
#[derive(Default)]
struct Demo {
    last: String,
    size: (u16, u16),
    skin: Skin,
    control: Control,
    hang: bool,
    mouse: bool,
}

impl Program for Demo {
    type Message = String;

    fn handle(&mut self, event: Event<String>) {
        match event {
            Event::Key(key) => {
                let key = input::fold(key);
                self.last = format!("{:?}", key.code);
                self.control = match (key.code, key.modifiers) {
                    (KeyCode::Char('q'), _) => Control::Quit(3),
                    (KeyCode::Char('l'), KeyModifiers::CONTROL) => Control::Repaint,
                    (KeyCode::Char('z'), KeyModifiers::CONTROL) => Control::Suspend,
                    _ => Control::Go,
                };
                assert!(key.code != KeyCode::Char('p'), "asked to panic");
                self.hang = key.code == KeyCode::Char('h');
                self.mouse ^= key.code == KeyCode::Char('m');
            }
            Event::Paste(text) => self.last = format!("paste {text}"),
            Event::Resize(width, height) => self.size = (width, height),
            Event::Message(text) => self.last = text,
            Event::Resumed => self.last = "resumed".into(),
            Event::Mouse(mouse) => self.last = format!("{mouse:?}"),
            Event::NotSuspended => self.last = "not suspended".into(),
        }
    }

    fn control(&mut self) -> Control {
        if self.hang {
            super::pause(Duration::from_secs(60));
        }
        std::mem::take(&mut self.control)
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        let theme = Theme { skin: self.skin, ..Theme::default() };
        let inside = popup::panel(frame.buffer_mut(), area, "督考", &theme);
        let size = format!("{}x{}", area.width, area.height);
        fit::put(frame.buffer_mut(), inside.x, inside.y, inside.width, &size, Style::new());
        fit::put(frame.buffer_mut(), inside.x, inside.y + 1, inside.width, &self.last, Style::new());
    }

    fn caret_shown(&self) -> bool {
        false
    }

    fn title(&self) -> String {
        "dukao - demo".into()
    }

    fn wants_mouse(&self) -> bool {
        self.mouse
    }

    fn measured(&mut self, skin: Skin) {
        self.skin = skin;
    }
}

/// Runs the program and ends the process, if it was started for that.
fn program() {
    let Ok(name) = std::env::var("DUKAO_TEST_SKIN") else { return };
    let skin = Skin::named(&name);
    let mut demo = Demo { skin: skin.unwrap_or_default(), ..Demo::default() };
    let settings = Settings::from_env(skin, |name| std::env::var(name).ok());
    let code = run::run(&mut demo, &Inbox::new(), settings).expect("a terminal");
    std::process::exit(code);
}

const ARGS: [&str; 3] =
    ["--exact", "--nocapture", "pty::terminal::it_draws_answers_keys_and_leaves_the_terminal_as_it_was"];

/// In a terminal of 41 by 8; where it is not measured the last column stays empty.
fn start(skin: &str) -> Pty {
    let own = std::env::current_exe().expect("this test");
    Pty::start(own.to_str().expect("a path"), &ARGS, &[("DUKAO_TEST_SKIN", skin)], (41, 8))
}

#[test]
fn it_draws_answers_keys_and_leaves_the_terminal_as_it_was() {
    program();
    let mut pty = start("safe");
    pty.wait_text("40x8");
    assert!(pty.is_raw() && pty.screen().alternate_screen() && pty.screen().bracketed_paste());
    pty.send("５");
    pty.wait_text("Char('5')");
    pty.send("\u{1b}[A");
    pty.wait_text("Up");
    pty.send("\u{1b}");
    pty.wait_text("Esc");
    pty.send("\u{1b}1");
    pty.wait_text("F(1)");
    pty.send("\u{1b}[200~92.5\t88\u{1b}[201~");
    pty.wait_text("paste 92.5");
    pty.send("q");
    assert_eq!(pty.wait_exit().code(), Some(3));
    pty.assert_restored();
}

#[test]
fn a_terminal_that_answers_is_measured_and_early_keys_are_kept() {
    let mut pty = start("auto");
    pty.send("x");
    pty.wait_text("┌─ 督考 ─");
    pty.wait_text("Char('x')");
    pty.send("q");
    assert_eq!(pty.wait_exit().code(), Some(3));
    pty.assert_restored();
}

#[test]
fn a_terminal_that_does_not_answer_stays_safe() {
    let mut pty = start("auto");
    pty.answers = false;
    pty.wait_text("+- 督考 -");
    pty.send("x");
    pty.wait_text("Char('x')");
    assert!(pty.contents().contains("+- 督考 -"));
    // The answers come after all, one of them torn: they type nothing.
    pty.send("\u{1b}[1;4R\u{1b}[1;3R\u{1b}");
    super::pause(Duration::from_millis(5));
    pty.send("[1;3R\u{1b}[?62;22c");
    pty.settle(QUIET);
    assert!(pty.contents().contains("Char('x')"), "{}", pty.contents());
}

#[test]
fn a_torn_arrow_is_an_arrow_and_a_burst_is_a_paste() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    pty.send("\u{1b}");
    super::pause(Duration::from_millis(5));
    pty.send("[A");
    pty.wait_text("Up");
    pty.send("92.5\t88\r");
    pty.wait_text("paste 92.5");
    pty.send("q");
    pty.wait_exit();
    pty.assert_restored();
}

#[test]
fn the_mouse_is_asked_for_and_let_go() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    assert!(!written(&pty, "?1000h"), "the mouse is off by default");
    pty.send("m");
    pty.wait_text("Char('m')");
    pty.send("\u{1b}[<0;5;3M");
    pty.wait_text("Click(4, 2)");
    pty.send("\u{1b}[<65;5;3M");
    pty.wait_text("WheelDown");
    pty.send("q");
    pty.wait_exit();
    pty.assert_restored();
    assert_eq!(pty.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

fn written(pty: &Pty, text: &str) -> bool {
    super::find(&pty.written, text.as_bytes()).is_some()
}

/// Every `CSI` and `OSC` of a session: nothing is asked of the terminal but cursor positions and device attributes.
#[test]
fn only_harmless_questions_are_asked() {
    let mut pty = start("auto");
    pty.wait_text("┌─ 督考 ─");
    pty.send("m\u{c}x");
    pty.wait_text("Char('x')");
    pty.send("q");
    pty.wait_exit();
    let text = String::from_utf8_lossy(&pty.written);
    let (mut positions, mut attributes) = (0, 0);
    for part in text.split('\u{1b}').skip(1) {
        let last = part.find(|c: char| c.is_ascii_alphabetic()).map(|at| &part[..=at]).unwrap_or_default();
        match part.chars().next() {
            Some('[') if last == "[6n" => positions += 1,
            Some('[') if last == "[c" => attributes += 1,
            Some('[') => assert!(!last.contains(['n', 'c', 'p', 'q', 'u', '$', '>']), "{last:?}"),
            Some(']') => assert!(part.starts_with("]2;dukao - demo\u{7}"), "{part:?}"),
            Some('7' | '8') => {}
            _ => panic!("{part:?}"),
        }
    }
    assert_eq!((positions, attributes), (5, 1));
}

#[test]
fn at_rest_nothing_wakes_and_nothing_is_written() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    pty.send("a");
    pty.wait_text("Char('a')");
    pty.settle(QUIET);
    let (sleeps, written) = (pty.sleeps(), pty.written.len());
    pty.settle(Duration::from_secs(1));
    assert_eq!((pty.sleeps(), pty.written.len()), (sleeps, written));
}

#[test]
fn a_new_size_is_painted_in_full() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    for width in 41..=60 {
        pty.resize(width + 1, 9);
    }
    pty.wait_text("60x9");
    pty.settle(QUIET);
    let paints = pty.written.windows(4).filter(|window| *window == b"\x1b[2J").count();
    assert!(paints <= 4, "{paints} full paints for 20 sizes");
    assert_eq!(pty.contents().lines().next().map(|line| line.ends_with('+')), Some(true));
}

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut pty = start("safe");
        pty.wait_text("40x8");
        pty.signal(signal);
        assert_eq!(pty.wait_exit().code(), Some(code));
        pty.assert_restored();
    }
}

#[test]
fn a_hanging_loop_is_ended_within_seconds() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    pty.send("h");
    pty.settle(QUIET);
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit().code(), Some(143));
    pty.assert_restored();
}

/// Fills the line with full paints that nobody reads.
fn freeze(pty: &mut Pty) {
    for _ in 0..400 {
        pty.send("\u{c}");
        super::pause(Duration::from_millis(2));
    }
}

#[test]
fn behind_a_frozen_connection_frames_are_left_out_and_the_newest_is_drawn_later() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    freeze(&mut pty);
    pty.send("n");
    pty.wait_text("Char('n')");
    pty.settle(QUIET);
    let paints = pty.written.windows(4).filter(|window| *window == b"\x1b[2J").count();
    assert!(paints < 300, "{paints} full paints");
    pty.send("q");
    assert_eq!(pty.wait_exit().code(), Some(3));
    pty.assert_restored();
}

#[test]
fn behind_a_frozen_connection_it_still_quits() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    freeze(&mut pty);
    pty.send("q");
    assert_eq!(pty.wait_exit_unread().code(), Some(3));
}

#[test]
fn it_ends_with_its_window() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    pty.hang_up();
    let status = pty.wait_exit();
    assert!(status.code() == Some(129), "{status:?}, signal {:?}", status.signal());
}

#[test]
fn a_panic_gives_the_terminal_back_before_its_message() {
    let mut pty = start("safe");
    pty.wait_text("40x8");
    pty.send("p");
    pty.wait_exit();
    pty.assert_restored();
    let place = |text: &str| super::find(&pty.written, text.as_bytes());
    let (left, message) = (place("\u{1b}[?1049l"), place("asked to panic"));
    assert!(left.is_some() && left < message, "{left:?}, {message:?}");
}

#[test]
fn control_z_stops_it_and_it_comes_back() {
    let own = std::env::current_exe().expect("this test");
    let script =
        format!("set -m; '{}' {}; echo stopped with $?; fg; echo ended with $?", own.display(), ARGS.join(" "));
    let mut pty = Pty::start("sh", &["-c", &script], &[("DUKAO_TEST_SKIN", "safe")], (60, 12));
    pty.wait_text("59x12");
    pty.send("\u{1a}");
    // The shell brings it back at once, so that its prompt may never be seen: what was written tells.
    pty.wait_text("resumed");
    assert!(super::find(&pty.written, b"\x1b[?1049l").is_some(), "the terminal was given back meanwhile");
    assert!(pty.is_raw() && pty.screen().alternate_screen());
    pty.send("q");
    pty.wait_text("ended with 3");
    pty.wait_exit();
    pty.assert_restored();
    assert!(pty.contents().contains("stopped with"));
}
