use super::inbox::{Inbox, Queued};
use super::outside::Outside;
use super::painter::Painter;
use super::turn::{RESIZE_QUIET, drive};
use super::{Control, Event, Program, Settings};
use crate::tui::backend::Screen;
use crate::tui::fit;
use crate::tui::glyphs::Skin;
use crate::tui::terminal::Interruption;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Style;
use ratatui::{Frame, Terminal};
use std::io;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// Counts keys and shows how many there were.
#[derive(Default)]
struct Counter {
    keys: usize,
    log: Vec<String>,
    frames: usize,
    asked: Control,
    quiet: bool,
    shell: bool,
    mouse: bool,
}

impl Program for Counter {
    type Message = &'static str;

    fn handle(&mut self, event: Event<&'static str>) {
        match event {
            Event::Key(key) => {
                self.keys += 1;
                self.asked = match key.code {
                    KeyCode::Char('q') => Control::Quit(7),
                    KeyCode::Char('z') => Control::Suspend,
                    KeyCode::Char('l') => Control::Repaint,
                    KeyCode::Char('m') => {
                        self.mouse = !self.mouse;
                        Control::Go
                    }
                    _ => Control::Go,
                };
            }
            other => self.log.push(format!("{other:?}")),
        }
    }

    fn control(&mut self) -> Control {
        std::mem::take(&mut self.asked)
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        self.frames += 1;
        let area = frame.area();
        fit::put(frame.buffer_mut(), 0, 0, area.width, &format!("键 {}", self.keys), Style::new());
    }

    fn caret_shown(&self) -> bool {
        false
    }

    fn wants_frame(&mut self) -> bool {
        !self.quiet
    }

    fn title(&self) -> String {
        format!("键 - {}", if self.mouse { "mouse" } else { "keys" })
    }

    fn wants_mouse(&self) -> bool {
        self.mouse
    }

    fn measured(&mut self, _: Skin) {}
}

/// A terminal that may be full, and that puts what comes next into the channel when the loop would block.
struct Bench {
    sender: Sender<Queued<&'static str>>,
    full: usize,
    shell: bool,
    calls: Vec<&'static str>,
}

impl Outside for Bench {
    fn writable(&mut self) -> bool {
        self.full = self.full.saturating_sub(1);
        self.full == 0
    }

    fn tell_when_writable(&mut self) -> io::Result<()> {
        self.calls.push("full");
        self.sender.send(key('a')).unwrap();
        self.sender.send(Queued::Writable).unwrap();
        self.sender.send(key('q')).unwrap();
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<bool> {
        self.calls.push("suspend");
        Ok(self.shell)
    }

    fn resume(&mut self) -> io::Result<(u16, u16)> {
        self.calls.push("resume");
        Ok((50, 10))
    }
}

fn key(c: char) -> Queued<&'static str> {
    Queued::Event(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)))
}

struct Ran {
    program: Counter,
    written: String,
    code: i32,
    calls: Vec<&'static str>,
}

fn ran(mut program: Counter, full: usize, queue: impl FnOnce(&Sender<Queued<&'static str>>) + Send + 'static) -> Ran {
    let inbox = Inbox::new();
    let sender = inbox.sender.clone();
    let mut terminal = Terminal::new(Screen::new(Vec::new(), 40, 6)).unwrap();
    let mut outside = Bench { sender: sender.clone(), full, shell: program.shell, calls: Vec::new() };
    let typist = thread::spawn(move || queue(&sender));
    if full == 0 {
        // All of it is there before the loop looks.
        typist.join().unwrap();
    }
    let painter = Painter::new(true, false);
    let code = drive(&mut program, &inbox, &mut terminal, &mut outside, painter).unwrap();
    let written = String::from_utf8(std::mem::take(terminal.backend_mut().out_mut())).unwrap();
    Ran { program, written, code, calls: outside.calls }
}

fn frames(written: &str) -> usize {
    written.matches("\u{1b}[?2026h").count()
}

#[test]
fn everything_queued_is_handled_before_one_frame() {
    let ran = ran(Counter::default(), 0, |sender| {
        for _ in 0..200 {
            sender.send(key('a')).unwrap();
        }
        sender.send(Queued::Event(Event::Resize(30, 8))).unwrap();
        let later = sender.clone();
        thread::spawn(move || {
            thread::sleep(RESIZE_QUIET * 3);
            later.send(key('q')).unwrap();
        });
    });
    assert_eq!((ran.program.keys, ran.program.frames, frames(&ran.written), ran.code), (201, 1, 1, 7));
    assert!(ran.written.contains("键 200"));
    assert_eq!(ran.program.log, ["Resize(30, 8)"]);
}

#[test]
fn only_the_last_of_many_sizes_counts() {
    let ran = ran(Counter::default(), 0, |sender| {
        for width in 30..60 {
            sender.send(Queued::Event(Event::Resize(width, 8))).unwrap();
        }
        let later = sender.clone();
        thread::spawn(move || {
            thread::sleep(RESIZE_QUIET * 3);
            later.send(key('q')).unwrap();
        });
    });
    assert_eq!(ran.program.log, ["Resize(59, 8)"]);
    assert_eq!(ran.program.frames, 1);
}

#[test]
fn quitting_and_signals_end_without_a_frame() {
    let by_key = ran(Counter::default(), 0, |sender| {
        sender.send(key('a')).unwrap();
        sender.send(key('q')).unwrap();
        sender.send(key('a')).unwrap();
    });
    assert_eq!((by_key.code, by_key.program.keys, by_key.written.as_str()), (7, 2, ""));
    let by_signal =
        ran(Counter::default(), 0, |sender| sender.send(Queued::Interruption(Interruption::Exit(143))).unwrap());
    assert_eq!((by_signal.code, by_signal.program.frames), (143, 0));
}

#[test]
fn what_is_not_worth_a_frame_gets_none() {
    let ran = ran(Counter { quiet: true, ..Counter::default() }, 0, |sender| {
        sender.send(Queued::Event(Event::Message("别人改了"))).unwrap();
        let later = sender.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            later.send(key('q')).unwrap();
        });
    });
    assert_eq!((ran.program.frames, ran.program.log.len()), (0, 1));
}

#[test]
fn a_full_terminal_gets_the_newest_state_later() {
    let ran = ran(Counter::default(), 2, |sender| sender.send(key('a')).unwrap());
    assert_eq!(ran.calls, ["full"]);
    assert_eq!(ran.code, 7);
    assert!(ran.program.frames <= 1, "{} frames", ran.program.frames);
}

#[test]
fn a_suspended_program_draws_nothing_and_repaints_when_it_runs_again() {
    let ran = ran(Counter { shell: true, mouse: true, ..Counter::default() }, 0, |sender| {
        sender.send(key('z')).unwrap();
        sender.send(key('a')).unwrap();
        let later = sender.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            later.send(Queued::Interruption(Interruption::Resumed)).unwrap();
            thread::sleep(Duration::from_millis(60));
            later.send(key('q')).unwrap();
        });
    });
    assert_eq!(ran.calls, ["suspend", "resume"]);
    assert_eq!(ran.program.frames, 1);
    assert!(ran.written.contains("[2J键 2") && ran.written.contains("[?1000h"), "{:?}", ran.written);
    assert_eq!(ran.program.log, ["Resumed", "Resize(50, 10)"]);
}

/// A key now and each of the others when the loop has drawn.
fn one_by_one(keys: &'static str) -> impl FnOnce(&Sender<Queued<&'static str>>) + Send + 'static {
    move |sender| {
        let sender = sender.clone();
        thread::spawn(move || {
            for c in keys.chars() {
                sender.send(key(c)).unwrap();
                thread::sleep(Duration::from_millis(30));
            }
        });
    }
}

#[test]
fn without_a_shell_the_program_stays_and_is_told() {
    let ran = ran(Counter::default(), 0, one_by_one("zq"));
    assert_eq!(ran.calls, ["suspend"]);
    assert_eq!((ran.program.log, ran.code), (vec!["NotSuspended".to_owned()], 7));
}

#[test]
fn title_and_mouse_are_sent_when_they_change() {
    let written = ran(Counter::default(), 0, one_by_one("aamaamaq")).written;
    assert_eq!(written.matches("\u{1b}]2; - keys\u{7}").count(), 2, "{written:?}");
    assert_eq!(written.matches("\u{1b}]2; - mouse\u{7}").count(), 1);
    assert_eq!(written.matches("\u{1b}[?1000h\u{1b}[?1006h").count(), 1);
    assert_eq!(written.matches("\u{1b}[?1006l\u{1b}[?1000l").count(), 1);
}

#[test]
fn the_environment_says_who_would_answer_a_probe() {
    let settings = |pairs: &'static [(&'static str, &'static str)]| {
        Settings::from_env(None, move |name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string())
        })
    };
    assert!(!settings(&[("TERM", "xterm-256color")]).multiplexer);
    assert!(settings(&[("TERM", "screen-256color")]).multiplexer);
    assert!(settings(&[("TERM", "xterm"), ("TMUX", "/tmp/tmux-0/default,1,0")]).multiplexer);
    for (pairs, screen) in [
        (&[("TERM", "screen.xterm-256color")][..], true),
        (&[("TERM", "xterm"), ("STY", "1.pts-0")], true),
        (&[("TERM", "screen"), ("TMUX", "x")], false),
        (&[("TERM", "tmux-256color")], false),
        (&[("TERM", "xterm")], false),
    ] {
        assert_eq!(settings(pairs).screen, screen, "{pairs:?}");
    }
    assert!(settings(&[("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")]).ssh);
}
